import { type Leaf, leavesOf, type Path, replaceAt } from "./values.ts";
import { listedBySchema, mark, openings, variants } from "./variants.ts";

/** Renders a chart with these values over its own, and gives all that helm said: the manifests, or the failure. */
export type Render = (values: Readonly<Record<string, unknown>>) => Promise<Rendered>;

/** What a rendering came to. */
export interface Rendered {
  readonly ok: boolean;
  readonly text: string;
}

/** Which leaves change what the chart renders to. */
export interface Coverage {
  readonly read: readonly Leaf[];
  readonly unread: readonly Leaf[];
}

type Change = readonly [Path, unknown];

/**
 * Finds the leaves that some template reads, by rendering: a leaf is read when another value in its place changes the
 * manifests or the failure. All texts and numbers are marked first, in one rendering. What shows no mark is changed on
 * its own or in groups; then again with each branch opened that the given values keep shut.
 *
 * `values` are the merged values, `schema` is the chart's, for the values that it lists. Throws when two renderings of
 * the same values differ.
 */
export async function measureCoverage(
  values: Readonly<Record<string, unknown>>,
  render: Render,
  schema?: unknown,
): Promise<Coverage> {
  const leaves = leavesOf(values);
  const listed = new Map(leaves.map((leaf) => [leaf, listedBySchema(schema, leaf.path)]));
  const remembered = new Map<string, Promise<Rendered>>();
  const look = (changes: readonly Change[]): Promise<Rendered> => {
    const changed = replaceAt(values, changes);
    const key = JSON.stringify(changed);
    const known = remembered.get(key) ?? render(changed);
    remembered.set(key, known);
    return known;
  };
  const [base, twin] = await Promise.all([look([]), render(values)]);
  if (base.text !== twin.text) {
    throw new Error(
      "two renderings of the same values differ, so that it cannot be told which values are read; see the determinism test",
    );
  }

  const flags = leaves.filter(({ value }) => typeof value === "boolean");
  const on = flags.map(({ path }): Change => [path, true]);
  const off = flags.map(({ path }): Change => [path, false]);
  let left = leaves;
  for (const setting of [[], on]) left = without(left, await marked(left, setting, look));
  for (const setting of [[], on, off]) left = await unmoved(left, setting, look, listed, Infinity);
  left = without(left, await movedAlone(left, look, listed));
  const gates = leaves.flatMap((leaf) => openings(leaf, listed.get(leaf)!).map((value) => [leaf.path, value] as const));
  for (const setting of left.length > 0 ? await settings(gates, look) : []) {
    left = await unmoved(left, setting, look, listed, tellingRounds);
  }
  return { read: without(leaves, left), unread: left };
}

/** In settings beside the given one, this many variants of each value are tried. */
const tellingRounds = 3;

type Look = (changes: readonly Change[]) => Promise<Rendered>;

/** Leaves whose mark stands in the manifests, or in the way of them; a group that cannot be rendered is halved. */
async function marked(leaves: readonly Leaf[], setting: readonly Change[], look: Look): Promise<readonly Leaf[]> {
  if (leaves.length === 0 || !(await look(setting)).ok) return [];
  const all = leaves.flatMap((leaf, index) => {
    const marking = mark(leaf, index);
    return marking === undefined ? [] : [{ leaf, ...marking }];
  });
  const halve = async (group: typeof all): Promise<readonly Leaf[]> => {
    if (group.length === 0) return [];
    const { ok, text } = await look([...setting, ...group.map(({ leaf, value }): Change => [leaf.path, value])]);
    if (ok) return group.filter((one) => text.includes(one.text)).map(({ leaf }) => leaf);
    if (group.length === 1) return [group[0]!.leaf];
    const middle = group.length >> 1;
    return (await Promise.all([halve(group.slice(0, middle)), halve(group.slice(middle))])).flat();
  };
  return halve(all);
}

/** Those of `leaves` that, in a setting, change nothing with any of their first variants. */
async function unmoved(
  leaves: readonly Leaf[],
  setting: readonly Change[],
  look: Look,
  listed: ReadonlyMap<Leaf, readonly unknown[]>,
  limit: number,
): Promise<readonly Leaf[]> {
  if (leaves.length === 0) return [];
  const base = await look(setting);
  const moved = async (group: readonly Leaf[], round: number): Promise<readonly Leaf[]> => {
    const changes = group.flatMap((leaf): Change[] => {
      const value = variants(leaf, listed.get(leaf)!)[round];
      return value === undefined ? [] : [[leaf.path, value]];
    });
    if (changes.length === 0) return [];
    const { text } = await look([...setting, ...changes]);
    if (text === base.text) return [];
    if (group.length === 1) return group;
    const middle = group.length >> 1;
    return (await Promise.all([moved(group.slice(0, middle), round), moved(group.slice(middle), round)])).flat();
  };
  let left = leaves;
  const rounds = Math.min(limit, Math.max(...leaves.map((leaf) => variants(leaf, listed.get(leaf)!).length)));
  for (let round = 0; round < rounds && left.length > 0; round += 1) left = without(left, await moved(left, round));
  return left;
}

/** Leaves that change something only as long as the others keep their values. */
async function movedAlone(
  leaves: readonly Leaf[],
  look: Look,
  listed: ReadonlyMap<Leaf, readonly unknown[]>,
): Promise<readonly Leaf[]> {
  const left = await Promise.all(leaves.map((leaf) => unmoved([leaf], [], look, listed, tellingRounds)));
  return without(leaves, left.flat());
}

/** Settings that open branches: everything that can be opened together, each gate alone, each beside all others. */
async function settings(gates: readonly Change[], look: Look): Promise<readonly (readonly Change[])[]> {
  let open: readonly Change[] = [];
  for (const gate of gates) {
    const [path, value] = gate;
    if (value === false || open.some(([other]) => other === path)) continue;
    if ((await look([...open, gate])).ok) open = [...open, gate];
  }
  const alone = gates.map((gate) => [gate]);
  const shut = gates.filter((gate) => !open.includes(gate));
  const beside = shut.map((gate) => [...open.filter(([path]) => path !== gate[0]), gate]);
  return [open, ...beside, ...alone];
}

function without(leaves: readonly Leaf[], others: readonly Leaf[]): readonly Leaf[] {
  const gone = new Set(others);
  return leaves.filter((leaf) => !gone.has(leaf));
}
