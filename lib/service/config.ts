import { readFileSync } from "node:fs";
import type { Static, TObject, TProperties, TSchema } from "typebox";
import Value from "typebox/value";

/** The environment a configuration is read from: the shape of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Thrown by {@link loadConfig} with every problem of the environment at once.
 * `problems` holds one sentence a variable: its name, its value (hidden for secrets), what was expected.
 */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The environment does not fit the configuration:\n${problems.map((p) => `  - ${p}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Reads the environment into a frozen, validated value.
 *
 * Every property of the schema is a variable of the same name. Numbers and booleans are parsed;
 * an unset or empty variable takes the schema's `default`. A property with `secret: true` is also
 * read from the file that `<NAME>_FILE` names, and its value is never shown in an error.
 *
 * @throws ConfigError naming each variable that is missing or wrong.
 */
export function loadConfig<Properties extends TProperties>(
  schema: TObject<Properties>,
  env: Environment = process.env,
): Readonly<Static<TObject<Properties>>> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const required: readonly string[] = (schema as { required?: string[] }).required ?? [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const keywords = property as TSchema & Keywords;
    const text = readVariable(name, keywords, env, problems);
    if (text instanceof Error) continue;
    const value = text === undefined ? keywords.default : parse(text, keywords);
    if (value === undefined) {
      if (required.includes(name)) {
        problems.push(`${name} is not set; expected ${expectation(keywords)}.`);
      }
    } else if (Value.Check(property, value)) {
      values[name] = value;
    } else {
      const shown = keywords.secret ? "a secret that is not shown" : JSON.stringify(text ?? value);
      problems.push(`${name} is ${shown}; expected ${expectation(keywords)}.`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values) as Readonly<Static<TObject<Properties>>>;
}

interface Keywords {
  type?: string;
  default?: unknown;
  secret?: boolean;
  description?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: string;
  anyOf?: { const?: unknown }[];
}

function readVariable(
  name: string,
  keywords: Keywords,
  env: Environment,
  problems: string[],
): string | undefined | Error {
  const direct = env[name] || undefined;
  const path = keywords.secret ? env[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; expected one of them.`);
    return new Error("ambiguous");
  }
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "") || undefined;
  } catch (cause) {
    problems.push(`${name}_FILE is ${JSON.stringify(path)}; expected a readable file (${(cause as Error).message}).`);
    return new Error("unreadable", { cause });
  }
}

function parse(text: string, { type }: Keywords): unknown {
  if (type === "number" || type === "integer") {
    const number = Number(text);
    return text.trim() === "" || Number.isNaN(number) ? text : number;
  }
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

function expectation(keywords: Keywords): string {
  const { type, anyOf, minimum, maximum, minLength, pattern, description, secret, default: fallback } = keywords;
  const kinds: Record<string, string> = { integer: "a whole number", number: "a number", boolean: "true or false" };
  let text = anyOf ? `one of ${anyOf.map((choice) => choice.const).join(", ")}` : (kinds[type ?? ""] ?? "a text");
  if (minimum !== undefined && maximum !== undefined) text += ` from ${minimum} to ${maximum}`;
  else if (minimum !== undefined) text += ` of at least ${minimum}`;
  else if (maximum !== undefined) text += ` of at most ${maximum}`;
  if (minLength !== undefined && minLength > 1) text += ` of at least ${minLength} characters`;
  if (description) text += ` (${description})`;
  else if (pattern) text += ` that matches ${pattern}`;
  if (fallback !== undefined && !secret) text += `; default ${JSON.stringify(fallback)}`;
  return text;
}
