import { join } from "node:path";

import type { ServedSystem } from "#lib/schemas/front-door/systems.ts";
import type { LaunchContext, Part, PartSet, PlannedPart, Secrets } from "./part.ts";

/** What a plan is made from; nothing here touches the machine. */
export interface PlanInput {
  readonly set: PartSet;
  /** Names given to `--only`; empty means every part. */
  readonly only: readonly string[];
  readonly basePort: number;
  readonly stateFolder: string;
  /** Name of a part, or of a tool of one, to the absolute path of its program. */
  readonly programs: Readonly<Record<string, string>>;
  /** System name to the absolute path of its built site. */
  readonly sites: Readonly<Record<string, string>>;
  /** The Node that runs programs written for it. */
  readonly node: string;
  readonly secrets: Secrets;
  /** Environment that every part gets; nothing else of the caller's environment reaches a part. */
  readonly baseEnv: Readonly<Record<string, string>>;
}

/** A plan, or the one message that says why there is none. */
export type PlanResult =
  | {
      readonly kind: "plan";
      readonly parts: readonly PlannedPart[];
      /** What programs beside the platform are told; null when a part that they need is left out. */
      readonly clients: Readonly<Record<string, string>> | null;
    }
  | { readonly kind: "refused"; readonly message: string };

const refused = (message: string): PlanResult => ({ kind: "refused", message });

/** The parts named in `only` and everything they come after, in declared order; every part when `only` is empty. */
export function chooseParts(parts: readonly Part[], only: readonly string[]): readonly Part[] | { unknown: string } {
  if (only.length === 0) return parts;
  const byName = new Map(parts.map((part) => [part.name, part]));
  const chosen = new Set<string>();
  const open = [...only];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const part = byName.get(name);
    if (!part) return { unknown: name };
    if (chosen.has(name)) continue;
    chosen.add(name);
    open.push(...part.after);
  }
  return parts.filter((part) => chosen.has(part.name));
}

/** The parts so that each comes behind everything it is `after`; null when they wait for each other in a circle. */
export function startOrder<P extends { readonly name: string; readonly after: readonly string[] }>(
  parts: readonly P[],
): readonly P[] | null {
  const ordered: P[] = [];
  const placed = new Set<string>();
  while (ordered.length < parts.length) {
    const next = parts.find((part) => !placed.has(part.name) && part.after.every((name) => placed.has(name)));
    if (!next) return null;
    placed.add(next.name);
    ordered.push(next);
  }
  return ordered;
}

const runsOnNode = (program: string) => /\.(mjs|cjs|js|ts|mts)$/.test(program);

/** Decides which parts run, in which order, at which ports and with which environment. */
export function makePlan(input: PlanInput): PlanResult {
  const { set } = input;
  const names = set.parts.map((part) => part.name).join(", ");
  const chosen = chooseParts(set.parts, input.only);
  if ("unknown" in chosen) {
    return refused(`--only names "${chosen.unknown}", which is no part of ${set.about}. The parts are: ${names}.`);
  }
  const ordered = startOrder(chosen);
  if (!ordered) return refused(`The parts wait for each other in a circle: ${names}. Mend "after" in ${set.source}.`);
  const missing = ordered
    .flatMap((part) => [part.name, ...(part.tools ?? [])])
    .filter((name) => input.programs[name] === undefined);
  if (missing.length > 0) {
    return refused(
      `No program is known for ${missing.join(", ")}. Start with "./bazel run ${set.target}", which builds every program, or pass --program=<part>=<path>.`,
    );
  }
  const highest = input.basePort + Math.max(0, ...ordered.flatMap((part) => Object.values(part.ports)));
  if (highest > 65_535) {
    return refused(
      `--port ${input.basePort} leaves no room: the parts need ports up to ${highest}, and the last is 65535.`,
    );
  }

  const portOf = (partName: string, name: string): number => {
    const offset = set.parts.find((part) => part.name === partName)?.ports[name];
    if (offset === undefined) throw new Error(`${set.source}: part "${partName}" declares no port "${name}"`);
    return input.basePort + offset;
  };
  const address = (part: string, port: string) => `127.0.0.1:${portOf(part, port)}`;
  const stateOf = (part: string) => join(input.stateFolder, part);
  const served: readonly ServedSystem[] = set.systems.map(({ api, images, ...system }) => ({
    ...system,
    site: input.sites[system.name] ?? null,
    api: `http://${address(api, "http")}`,
    ...(images === undefined ? {} : { images: `http://${address(images, "http")}` }),
  }));

  const planned = ordered.map((part): PlannedPart => {
    const folder = stateOf(part.name);
    const context: LaunchContext = {
      state: folder,
      port: (name) => portOf(part.name, name),
      address,
      stateOf,
      tool: (name) => {
        const path = part.tools?.includes(name) ? input.programs[name] : undefined;
        if (path === undefined) throw new Error(`${set.source}: part "${part.name}" declares no tool "${name}"`);
        return path;
      },
      site: (name) => input.sites[name] ?? null,
      secrets: input.secrets,
      systems: served,
    };
    const { args = [], env = {}, folders = [] } = part.launch(context);
    const program = input.programs[part.name] as string;
    const onNode = runsOnNode(program);
    const port = portOf(part.name, part.ready.port);
    return {
      name: part.name,
      about: part.about,
      after: part.after,
      command: onNode ? [input.node, "--enable-source-maps", program, ...args] : [program, ...args],
      env: { ...input.baseEnv, ...(onNode ? { HOST: "127.0.0.1", NODE_ENV: "production" } : {}), ...env },
      folder,
      folders: [folder, ...folders.map((name) => join(folder, name))],
      ports: Object.fromEntries(Object.keys(part.ports).map((name) => [name, portOf(part.name, name)])),
      ready:
        part.ready.kind === "http"
          ? { kind: "http", url: `http://127.0.0.1:${port}${part.ready.path}` }
          : { kind: "tcp", port },
    };
  });
  const runs = (name: string) => ordered.some((part) => part.name === name);
  const told = set.clients?.needs.every(runs) ? set.clients : null;
  const free = 1 + Math.max(0, ...set.parts.flatMap((part) => Object.values(part.ports)));
  const clients = told?.env({
    ...{ address, secrets: input.secrets, stateOf },
    state: stateOf("clients"),
    port: input.basePort + free,
  });
  return { kind: "plan", parts: planned, clients: clients ?? null };
}
