import { LIMITS } from "../limits.ts";
import type { Fault } from "../rules/rule-file.ts";
import type { Configuration } from "./read.ts";
import { schemaFaults } from "./schema.ts";

/** What a target publishes to. */
export type Kind = "pages" | "worker";

/** What the rest of the engine wants to know of a configuration. */
export interface Site {
  /** The Pages project or the Worker. */
  readonly name: string;
  /** Whether the configuration names a script that is no asset. */
  readonly main: boolean;
  /** Its compatibility flags. */
  readonly flags: readonly string[];
  /** The account, where the configuration names one. */
  readonly account: string | undefined;
}

/** Checks a configuration for a kind of target: everything that is wrong, or what it says. */
export function checkConfiguration(
  kind: Kind,
  configuration: Configuration,
): Site | { readonly faults: readonly Fault[] } {
  const { value, lineOf } = configuration;
  const faults: Fault[] = [...schemaFaults(configuration)];
  const fault = (path: readonly string[], message: string): void => {
    if (!faults.some((one) => one.message.startsWith(`${path.join(".")}: `))) {
      faults.push({ line: lineOf(path), message: `${path.join(".")}: ${message}` });
    }
  };
  nameFault(kind, value["name"], (message) => fault(["name"], message));
  dateFault(value["compatibility_date"], (message) => fault(["compatibility_date"], message));
  if (kind === "pages") pagesFaults(value, fault);
  else workerFaults(value, fault);
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) };
  const account = value["account_id"];
  return {
    name: String(value["name"]),
    main: value["main"] !== undefined,
    flags: (value["compatibility_flags"] as readonly string[] | undefined) ?? [],
    account: typeof account === "string" ? account : undefined,
  };
}

type Say = (path: readonly string[], message: string) => void;

function nameFault(kind: Kind, name: unknown, say: (message: string) => void): void {
  if (name === undefined)
    return say(`expected the name of the ${kind === "pages" ? "Pages project" : "Worker"}, found none`);
  if (typeof name !== "string") return;
  const [pattern, length] =
    kind === "pages"
      ? ([/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 58] as const)
      : ([/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/, 63] as const);
  if (!pattern.test(name)) say(`expected lowercase letters, digits and dashes, not at the ends, found "${name}"`);
  else if (name.length > length) say(`expected at most ${length} characters, found ${name.length}`);
}

function dateFault(date: unknown, say: (message: string) => void): void {
  if (date === undefined)
    return say("expected a date such as 2026-11-01, found none; without one the runtime of 2021 answers");
  if (typeof date !== "string") return;
  const parsed = /^\d{4}-\d\d-\d\d$/.test(date) ? new Date(`${date}T00:00:00Z`) : new Date(Number.NaN);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date)
    say(`expected a date such as 2026-11-01, found "${date}"`);
}

function pagesFaults(value: Readonly<Record<string, unknown>>, say: Say): void {
  if (value["pages_build_output_dir"] === undefined) {
    const message = "expected a folder, found none; wrangler then takes the file for that of a Worker";
    say(
      ["pages_build_output_dir"],
      value["assets"] === undefined ? message : `${message}. It has assets: use wrangler_worker`,
    );
  }
  for (const key of ["main", "assets", "account_id"]) {
    if (value[key] !== undefined) say([key], "is for Workers, Pages refuses it; delete it or use wrangler_worker");
  }
  for (const name of Object.keys((value["env"] as object | undefined) ?? {})) {
    if (name !== "preview" && name !== "production")
      say(["env", name], "expected preview or production, the environments of Pages");
  }
}

function workerFaults(value: Readonly<Record<string, unknown>>, say: Say): void {
  if (value["pages_build_output_dir"] !== undefined) {
    return say(["pages_build_output_dir"], "is for Pages; delete it or use wrangler_pages");
  }
  const assets = value["assets"] as Readonly<Record<string, unknown>> | undefined;
  if (assets === undefined)
    return say(["assets"], 'expected {"directory": "./dist"}, found none; there would be nothing to serve');
  if (value["main"] === undefined && assets["run_worker_first"] !== undefined) {
    say(["assets", "run_worker_first"], "expected a main beside it: there is no script to run first");
  }
  workerFirstFaults(assets["run_worker_first"], (message) => say(["assets", "run_worker_first"], message));
  if (value["main"] !== undefined && assets["run_worker_first"] === true && assets["binding"] === undefined) {
    say(
      ["assets", "binding"],
      'expected a name such as "ASSETS": all requests are the script\'s, and it reaches no asset',
    );
  }
  bindingFaults(value, say);
  if (value["main"] === undefined && assets["binding"] !== undefined) {
    say(["assets", "binding"], "expected a main beside it: there is no script to bind to");
  }
}

function workerFirstFaults(rules: unknown, say: (message: string) => void): void {
  if (!Array.isArray(rules)) return;
  const texts = rules.filter((rule): rule is string => typeof rule === "string");
  const wrong = texts.find((rule) => !/^!?\//.test(rule) || rule.length > LIMITS.workerFirstLength);
  if (wrong !== undefined)
    return say(`expected paths that begin with / or !/, of at most 100 characters, found "${wrong}"`);
  if (texts.length > LIMITS.workerFirstRules) return say(`expected at most 100 paths, found ${texts.length}`);
  if (texts.every((rule) => rule.startsWith("!"))) say("expected a path without !, or the script runs for none first");
}

/** Names of variables and of the assets: what a script can say after `env.`, each once. */
function bindingFaults(value: Readonly<Record<string, unknown>>, say: Say): void {
  const vars = Object.keys((value["vars"] as object | undefined) ?? {});
  const wrong = vars.find((name) => !/^[A-Za-z_$][\w$]*$/.test(name));
  if (wrong !== undefined) say(["vars", wrong], "expected a name of letters, digits and underscores");
  if (vars.length > 0 && value["main"] === undefined)
    say(["vars"], "expected a main beside them: there is no script to read them");
  const assets = (value["assets"] as { readonly binding?: unknown }).binding;
  if (typeof assets === "string" && vars.includes(assets))
    say(["vars", assets], "is the binding of the assets too; rename one of them");
}
