import { effects, identityOf, introducePolicy, selectsAny } from "./connectivity/effects.ts";
import { describe, introduce, isNetworkPolicy, loss, podsOf } from "./describe.ts";
import { normalise } from "./normalise.ts";
import { destinations, inNamespaces, type Pair, pairUp } from "./pair.ts";
import { parseFile, placeOf, type Resource } from "./parse.ts";
import { appKey, type Entry, type Report, reportOf } from "./report.ts";
import { type Line, say } from "./say.ts";
import { same } from "./tree.ts";

/** One of the two folders. */
export interface Folder {
  /** What people call it: `main (1a2b3c4)`. */
  readonly label: string;
  /** Manifests by path from the folder. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What changes in the cluster from one folder of manifests to another. Throws `Unreadable` for a file that is no manifest. */
export function compare(base: Folder, head: Folder): Report {
  const [was, is] = [new Reader(base, head, "base"), new Reader(head, base, "head")];
  const pairs = pairUp(
    inNamespaces(was.differing(), was.destinations()),
    inNamespaces(is.differing(), is.destinations()),
  );
  const described = pairs.flatMap((pair) => entryOf(pair));
  const appsOf = ({ files }: Folder) => new Set([...files.keys()].map((path) => appKey(placeOf(path))));
  const [before, after] = [appsOf(base), appsOf(head)];
  const wholeApps = { added: difference(after, before), removed: difference(before, after) };
  const entries = withConnectivity(described, was, is).map(({ entry }) => withoutPods(entry, wholeApps.removed));
  return reportOf(entries, wholeApps, { base: base.label, head: head.label });
}

function difference(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((key) => !b.has(key)));
}

/** A budget that goes together with its pods protects nothing any more. */
function withoutPods(entry: Entry, removed: ReadonlySet<string>): Entry {
  if (entry.kind !== "PodDisruptionBudget" || entry.action !== "removed" || !removed.has(appKey(entry))) return entry;
  const { danger: _, ...rest } = entry;
  return rest;
}

/** Reads the files of a folder when they are asked for: most are the same on both sides and need not be understood. */
class Reader {
  readonly #folder: Folder;
  readonly #other: Folder;
  readonly #side: string;
  readonly #read = new Map<string, Resource[]>();

  constructor(folder: Folder, other: Folder, side: "base" | "head") {
    this.#folder = folder;
    this.#other = other;
    this.#side = `the ${side} (${folder.label})`;
  }

  differing(): Resource[] {
    const { files } = this.#other;
    return [...this.#folder.files].flatMap(([path, bytes]) =>
      files.get(path)?.equals(bytes) === true ? [] : this.#parse(path, bytes),
    );
  }

  /** Where the applications go, by their Applications, changed or not. */
  destinations(): ReadonlyMap<string, string> {
    return destinations(this.#where((_path, bytes) => bytes.includes("Application")));
  }

  /** The NetworkPolicies of an overlay and all that has pods, changed or not. */
  network(overlay: string): Resource[] {
    const mentions = (_path: string, bytes: Buffer) =>
      ["NetworkPolicy", "containers"].some((word) => bytes.includes(word));
    const found = this.#where((path, bytes) => placeOf(path).overlay === overlay && mentions(path, bytes));
    return inNamespaces(found, this.destinations()).filter(
      (resource) => isNetworkPolicy(resource) || podsOf(resource) !== undefined,
    );
  }

  #where(wanted: (path: string, bytes: Buffer) => boolean): Resource[] {
    return [...this.#folder.files].flatMap(([path, bytes]) => (wanted(path, bytes) ? this.#parse(path, bytes) : []));
  }

  #parse(path: string, bytes: Buffer): Resource[] {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    const read = parseFile(path, bytes.toString("utf8"), this.#side);
    this.#read.set(path, read);
    return read;
  }
}

/** An entry with what it was made from. */
interface Made {
  readonly pair: Pair;
  readonly entry: Entry;
}

function entryOf(pair: Pair): Made[] {
  const { was, is } = pair;
  const { overlay, app, kind, group, version, namespace, name, file } = (is ?? was)!;
  const about = {
    overlay,
    app,
    kind,
    namespace,
    name,
    file,
    apiVersion: group === "" ? version : `${group}/${version}`,
  };
  if (was === undefined) {
    const lines = isNetworkPolicy(is!) ? [] : introduce(is!);
    return [{ pair, entry: { ...about, action: "added", lines, restarts: false } }];
  }
  if (is === undefined) {
    const danger = loss(was);
    return [
      {
        pair,
        entry: { ...about, action: "removed", lines: [], restarts: false, ...(danger === undefined ? {} : { danger }) },
      },
    ];
  }
  const { lines, restarts } = describe(was, is);
  const moved: Line[] = was.app === is.app ? [] : [say`moved here from ${{ was: was.app }}`];
  const entry: Entry = { ...about, action: "changed", lines: [...moved, ...lines], restarts };
  const renamed = was.name === is.name ? entry : { ...entry, formerName: was.name };
  return isNetworkPolicy(is) || renamed.lines.length > 0 || renamed.formerName !== undefined
    ? [{ pair, entry: renamed }]
    : [];
}

function withConnectivity(made: readonly Made[], was: Reader, is: Reader): Made[] {
  const overlays = new Set(made.filter(({ pair }) => concernsNetwork(pair)).map(({ entry }) => entry.overlay));
  const known = new Map(
    [...overlays].map((overlay) => [overlay, { was: was.network(overlay), is: is.network(overlay) }]),
  );
  const lines = new Map(
    [...known].map(([overlay, network]) => {
      const changed = made
        .filter(({ entry, pair }) => entry.overlay === overlay && concernsNetwork(pair) && differs(pair))
        .map(({ entry }) => identityOf(entry));
      return [overlay, effects(network.was, network.is, new Set(changed))] as const;
    }),
  );
  return made.flatMap(({ pair, entry }): Made[] => {
    const network = known.get(entry.overlay);
    const found = concernsNetwork(pair) ? (lines.get(entry.overlay)?.get(identityOf(entry)) ?? []) : [];
    const policy = pair.is ?? pair.was!;
    if (!isNetworkPolicy(policy) || network === undefined)
      return [{ pair, entry: { ...entry, lines: [...entry.lines, ...found] } }];
    const [before, after] = [selectsAny(policy, network.was), selectsAny(policy, network.is)];
    if (pair.was === undefined && !before)
      return [{ pair, entry: { ...entry, lines: introducePolicy(policy, network.is) } }];
    if (pair.is === undefined && before && !after) return [{ pair, entry }];
    if (!differs(pair)) return entry.lines.length > 0 || entry.formerName !== undefined ? [{ pair, entry }] : [];
    return [{ pair, entry: { ...entry, lines: [...found, ...entry.lines] } }];
  });
}

function concernsNetwork({ was, is }: Pair): boolean {
  const resource = (is ?? was)!;
  return isNetworkPolicy(resource) || (was !== undefined && is !== undefined && podsOf(resource) !== undefined);
}

/** Whether more than metadata differs in a policy; workloads always may. */
function differs({ was, is }: Pair): boolean {
  if (was === undefined || is === undefined || !isNetworkPolicy(is)) return true;
  return was.name !== is.name || !same(normalise(was)["spec"], normalise(is)["spec"]);
}
