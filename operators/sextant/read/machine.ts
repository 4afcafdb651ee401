import { basename, dirname } from "node:path";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { syntaxProblems } from "../guards/parse.ts";
import type { ErrorHandling, Field, Guard, Machine, Problem, State } from "../model.ts";
import { readFields, withGroups } from "./fields.ts";
import { readGuards } from "./guards.ts";
import { stateNameProblem } from "./names.ts";
import { readProperties } from "./properties.ts";
import { Reader } from "./reader.ts";
import { impliedCompletion } from "./short-form.ts";
import { readTransitions } from "./transitions.ts";
import { connected, validate } from "./validate.ts";

/** Keys of each map of the format, in the order of the reference. */
export const KEYS = {
  machine: ["metadata", "context", "fieldGroups", "states", "guards", "transitions", "errorHandling", "properties"],
  metadata: ["name", "description", "kind", "group", "version", "statusField"],
  state: [
    "name",
    "description",
    "initial",
    "terminal",
    "error",
    "deletion",
    "requeue",
    "expectedWithin",
    "fields",
    "fieldGroups",
  ],
  errorHandling: ["maxRetries", "backoff"],
  backoff: ["initial", "factor", "max", "jitter"],
} as const;

/**
 * Reads a machine and checks its form; every problem is reported, in the order of the file. `machine` is there when
 * there is none.
 * @param file the path that messages and headers show
 */
export function readMachine(
  file: string,
  source: string,
): { readonly machine?: Machine; readonly problems: readonly Problem[] } {
  const reader = new Reader(file, source);
  if (reader.problems.length > 0) return { problems: reader.problems };
  if (reader.isEmpty) reader.problem(null, "the file is empty; expected states and transitions");
  else if (!isMap(reader.root)) reader.problem(reader.root, "expected a map with states and transitions");
  if (reader.problems.length > 0) return { problems: reader.problems };
  const { machine: written, whole, statesRead } = read(reader);
  const implied = impliedCompletion(written);
  const machine = implied ? { ...written, transitions: [...written.transitions, implied] } : written;
  validate(machine, reader, statesRead);
  if (whole) connected(machine, reader);
  for (const { name, place, expression } of guardsOf(machine))
    for (const { offset, message } of syntaxProblems(expression))
      reader.problem(place(Math.min(offset, expression.length)), `guard ${name}: ${message}`);
  const problems = [...reader.problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return problems.length > 0 ? { problems } : { machine, problems };
}

/** The machine, and whether all of its transitions, and all of its states, could be read. */
function read(reader: Reader): { readonly machine: Machine; readonly whole: boolean; readonly statesRead: boolean } {
  const root = reader.entries(reader.root, "machine", KEYS.machine);
  const metadata = reader.entries(root.metadata, "metadata", KEYS.metadata);
  const text = (node: Node | undefined, what: string): string | undefined => reader.text(node, what)?.value;
  const name = text(metadata.name, "name") ?? defaultName(reader.file);
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    reader.problem(
      metadata.name ?? null,
      `"${name}": expected a machine's name such as model-cache; set metadata.name`,
    );
  for (const key of ["states", "transitions"] as const)
    if (root[key] === undefined) reader.problem(null, `the machine has no "${key}"; add it`);
  const groups = new Map<string, readonly Field[]>();
  for (const [group, value] of reader.pairs(root.fieldGroups, "fieldGroups"))
    groups.set(group, readFields(reader, value ?? undefined, `field group ${group}`, name));
  const [earlier, repeats] = [reader.problems.length, reader.repeats];
  const items = reader.items(root.states, "states", "- name: …");
  const states = items.flatMap((node) => readState(reader, node, name, groups));
  const statesRead = root.states !== undefined && reader.problems.length === earlier;
  const named =
    root.states !== undefined && isSeq(root.states) && states.length === items.length && reader.repeats === repeats;
  const guards = readGuards(reader, root.guards);
  const before = reader.problems.length;
  const transitions = readTransitions(reader, root.transitions, { states, named, guards, machine: name });
  const whole = named && reader.problems.length === before;
  for (const guard of guards.values())
    if (!transitions.some((one) => one.guard === guard) && root.properties === undefined)
      reader.problem(guard.place(0), `no transition has the guard "${guard.name}"; use it, or remove it`);
  const machine: Machine = {
    file: reader.file,
    name,
    description: text(metadata.description, "description") ?? "",
    kind: text(metadata.kind, "kind"),
    group: text(metadata.group, "group"),
    version: text(metadata.version, "version"),
    statusField: text(metadata.statusField, "statusField") ?? "status",
    context: readFields(reader, root.context, "context", name),
    states,
    transitions,
    properties: readProperties(reader, root.properties, { states, transitions, guards }),
    errorHandling: readErrorHandling(reader, root.errorHandling),
  };
  return { machine, whole, statesRead };
}

/** Each guard of a machine, once. */
function guardsOf({ transitions, properties }: Machine): ReadonlySet<Guard> {
  const used = transitions.flatMap(({ guard }) => guard ?? []);
  return new Set([
    ...used,
    ...properties.flatMap((one) =>
      one.kind === "requires" ? one.guard : one.kind === "offers" ? (one.when ?? []) : [],
    ),
  ]);
}

/** `operators/cloudflare/machine.yaml` is "cloudflare", `request.yaml` is "request". */
function defaultName(file: string): string {
  const name = basename(file).replace(/(\.machine)?\.ya?ml$/, "");
  const folder = basename(dirname(file));
  return name === "machine" && folder !== "." && folder !== "" ? folder : name;
}

function readState(
  reader: Reader,
  node: Node,
  machine: string,
  groups: ReadonlyMap<string, readonly Field[]>,
): State[] {
  if (isScalar(node) && typeof node.value === "string") {
    reader.problem(node, `a state is a map; write "- name: ${node.value}"`);
    return [];
  }
  const entries = reader.entries(node, "state", KEYS.state);
  const name = reader.text(entries.name, "name");
  if (entries.name === undefined && isMap(node)) reader.problem(node, `the state has no "name"; add it`);
  if (name === undefined) return [];
  const problem = stateNameProblem(name.value);
  if (problem !== undefined) reader.problem(name.at, problem);
  const own = readFields(reader, entries.fields, `fields of ${name.value}`, machine);
  return [
    {
      name: name.value,
      at: name.at,
      description: reader.text(entries.description, "description")?.value ?? "",
      initial: reader.flag(entries.initial, "initial"),
      terminal: reader.flag(entries.terminal, "terminal"),
      error: reader.flag(entries.error, "error"),
      deletion: reader.flag(entries.deletion, "deletion"),
      requeueMs: reader.duration(entries.requeue, "requeue"),
      expectedWithinMs: reader.duration(entries.expectedWithin, "expectedWithin"),
      fields: withGroups(reader, own, entries.fieldGroups, groups),
    },
  ];
}

function readErrorHandling(reader: Reader, node: Node | undefined): ErrorHandling {
  const entries = reader.entries(node, "errorHandling", KEYS.errorHandling);
  const backoff = reader.entries(entries.backoff, "backoff", KEYS.backoff);
  const initialMs = reader.duration(backoff.initial, "initial") ?? 1000;
  const maxMs = reader.duration(backoff.max, "max") ?? Math.max(300_000, initialMs);
  if (maxMs < initialMs) reader.problem(backoff.max ?? node ?? null, `max: expected at least initial; raise it`);
  return {
    maxRetries: reader.number(entries.maxRetries, "maxRetries", { min: 0, max: 1000, whole: true }) ?? 10,
    initialMs,
    factor: reader.number(backoff.factor, "factor", { min: 1, max: 100 }) ?? 2,
    maxMs,
    jitter: reader.number(backoff.jitter, "jitter", { min: 0, max: 1 }) ?? 0.1,
  };
}
