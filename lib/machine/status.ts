/** What a field of a state may hold, as a status has it. */
export type FieldRule = {
  readonly kind: "identifier" | "text" | "integer" | "number" | "boolean" | "time" | "enum";
  readonly optional?: true;
  /** What an enum may be. */
  readonly values?: readonly string[];
};

/** Phase → its fields. */
export type StatusRules = Readonly<Record<string, Readonly<Record<string, FieldRule>>>>;

/** A status as it was read: nothing there yet, valid, or wrong with the reason in words. */
export type ReadStatus =
  | { readonly kind: "empty" }
  | {
      readonly kind: "valid";
      readonly phase: string;
      readonly stateEnteredAt: number;
      readonly attempts: number;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "invalid"; readonly reason: string };

/** Reads a resource's status, whatever it holds. Keys that the phase does not have are passed over. Never throws. */
export function readStatus(raw: unknown, rules: StatusRules): ReadStatus {
  if (raw === undefined || raw === null) return { kind: "empty" };
  if (typeof raw !== "object" || Array.isArray(raw)) return invalid(`expected an object, got ${show(raw)}`);
  const status = raw as Readonly<Record<string, unknown>>;
  if (Object.keys(status).length === 0) return { kind: "empty" };
  const phase = status["phase"];
  if (typeof phase !== "string" || !Object.hasOwn(rules, phase))
    return invalid(`phase: expected one of ${Object.keys(rules).join(", ")}, got ${show(phase)}`);
  const stateEnteredAt = instant(status["stateEnteredAt"]);
  if (stateEnteredAt === undefined)
    return invalid(`stateEnteredAt: expected a time (RFC 3339), got ${show(status["stateEnteredAt"])}`);
  const attempts = status["attempts"] ?? 0;
  if (!isInteger(attempts) || attempts < 0)
    return invalid(`attempts: expected a whole number from 0, got ${show(attempts)}`);
  const fields: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules[phase]!)) {
    const given = Object.hasOwn(status, name) ? status[name] : undefined;
    if (given === undefined && rule.optional) continue;
    const value = rule.kind === "time" ? instant(given) : given;
    if (!holds(value, rule)) return invalid(`${name}: expected ${expected(rule)}, got ${show(given)}`);
    fields[name] = value;
  }
  return { kind: "valid", phase, stateEnteredAt, attempts, fields };
}

/** Milliseconds since the epoch as a status has them: RFC 3339 in UTC. */
export function writeTime(ms: number): string {
  return new Date(ms).toISOString();
}

function instant(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) || !sameSecond(value, ms) ? undefined : ms;
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const sameSecond = (text: string, ms: number): boolean => writeTime(ms).slice(0, 19) === text.slice(0, 19);

function holds(value: unknown, rule: FieldRule): boolean {
  switch (rule.kind) {
    case "identifier":
      return typeof value === "string" && value !== "";
    case "text":
      return typeof value === "string";
    case "integer":
      return isInteger(value);
    case "number":
    case "time":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "enum":
      return typeof value === "string" && (rule.values ?? []).includes(value);
  }
}

function expected(rule: FieldRule): string {
  if (rule.kind === "enum") return `one of ${(rule.values ?? []).join(", ")}`;
  return (
    { identifier: "an identifier", text: "a text", integer: "a whole number", number: "a number" }[
      rule.kind as "identifier"
    ] ?? (rule.kind === "time" ? "a time (RFC 3339)" : "true or false")
  );
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);

const invalid = (reason: string): ReadStatus => ({ kind: "invalid", reason });

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
