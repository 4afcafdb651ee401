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
  if (value["main"] === undefined && assets["binding"] !== undefined) {
    say(["assets", "binding"], "expected a main beside it: there is no script to bind to");
  }
}
