import { type Json, isObject, textAt } from "../tree.ts";

/** Ports by protocol: ranges that do not meet, in order, and names that could not be resolved. */
export interface Ports {
  readonly ranges: Readonly<Record<string, readonly Range[]>>;
  readonly names: ReadonlySet<string>;
}

/** From and to, both included. */
export type Range = readonly [from: number, to: number];

const protocols = ["TCP", "UDP", "SCTP"];
const whole: Range = [1, 65_535];

export const everyPort: Ports = {
  ranges: Object.fromEntries(protocols.map((name) => [name, [whole]])),
  names: new Set(),
};
export const noPorts: Ports = { ranges: {}, names: new Set() };

/**
 * The ports of a rule of a NetworkPolicy; none given means all.
 *
 * @param resolve the number of a port's name, where it is known
 */
export function portsOf(
  rules: readonly Json[],
  resolve: (name: string, protocol: string) => number | undefined,
): Ports {
  if (rules.length === 0) return everyPort;
  return rules.map((rule) => one(rule, resolve)).reduce(union, noPorts);
}

function one(rule: Json, resolve: (name: string, protocol: string) => number | undefined): Ports {
  const protocol = textAt(rule, "protocol") || "TCP";
  const port = isObject(rule) ? rule["port"] : undefined;
  if (port === undefined) return { ranges: { [protocol]: [whole] }, names: new Set() };
  const number =
    typeof port === "number" || /^\d+$/.test(String(port)) ? Number(port) : resolve(String(port), protocol);
  if (number === undefined) return { ranges: {}, names: new Set([`${protocol} ${String(port)}`]) };
  return { ranges: { [protocol]: [[number, Number(textAt(rule, "endPort") || number)]] }, names: new Set() };
}

/** What one of them has. */
export function union(a: Ports, b: Ports): Ports {
  return { ranges: each(a, b, (x, y) => merge([...x, ...y])), names: new Set([...a.names, ...b.names]) };
}

/** What the first has and the second has not. */
export function minus(a: Ports, b: Ports): Ports {
  const all = protocols.every((protocol) => b.ranges[protocol]?.some(([from, to]) => from <= 1 && to >= 65_535));
  const names = [...a.names].filter((name) => !all && !b.names.has(name));
  return { ranges: each(a, b, subtract), names: new Set(names) };
}

/** Whether there is no port. */
export function isNone({ ranges, names }: Ports): boolean {
  return names.size === 0 && Object.values(ranges).every((list) => list.length === 0);
}

/** `TCP 80 and 443`, `any port`, `UDP 53 and TCP 53`. */
export function portsText(ports: Ports): string {
  if (isNone(minus(everyPort, ports))) return "any port";
  const numbers = Object.entries(ports.ranges).filter(([, list]) => list.length > 0);
  const words = numbers.map(([protocol, list]) => `${protocol} ${rangesText(list)}`);
  return [...words, ...ports.names].join(", ");
}

function rangesText(list: readonly Range[]): string {
  const words = list.map(([from, to]) =>
    from === 1 && to === 65_535 ? "any port" : from === to ? String(from) : `${from}–${to}`,
  );
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function each(
  a: Ports,
  b: Ports,
  make: (x: readonly Range[], y: readonly Range[]) => readonly Range[],
): Ports["ranges"] {
  const names = [...new Set([...Object.keys(a.ranges), ...Object.keys(b.ranges)])].sort();
  return Object.fromEntries(names.map((name) => [name, make(a.ranges[name] ?? [], b.ranges[name] ?? [])]));
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

function subtract(from: readonly Range[], taken: readonly Range[]): Range[] {
  return taken.reduce<Range[]>(
    (left, [start, end]) =>
      left.flatMap(([a, b]): Range[] => {
        if (end < a || start > b) return [[a, b]];
        return [...(a < start ? [[a, start - 1] as const] : []), ...(b > end ? [[end + 1, b] as const] : [])];
      }),
    [...from],
  );
}
