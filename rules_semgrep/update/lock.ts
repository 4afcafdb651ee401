import { Refusal } from "../engine/command.ts";

/** Rules from a registry, kept in a file beside the lock. */
export interface Pack {
  /** The pack's name at the registry, such as `p/typescript`, or an address. */
  readonly source: string;
  /** Relative to the lock. */
  readonly file: string;
  /** `sha256:...` of the file; absent before the first update. */
  readonly digest?: string;
}

/** OSV records of an ecosystem, kept in a file beside the lock. */
export interface Advisories {
  /** The ecosystem's name at OSV, such as `npm`, or the address of a zip of records. */
  readonly source: string;
  readonly ecosystem: string;
  /** Only records whose ids begin with one of these, such as `GHSA-`. */
  readonly ids: readonly string[];
  /** Relative to the lock. */
  readonly file: string;
  /** `sha256:...` of the file; absent before the first update. */
  readonly digest?: string;
}

/** semgrep.lock.json. docs/update.md describes it. */
export interface Lock {
  readonly version: 1;
  readonly engine?: {
    readonly version: string;
    /** Platform to `sha256:...` of the Pro engine; kept up to date where there is a token. */
    readonly pro?: Readonly<Record<string, string>>;
  };
  readonly packs: Readonly<Record<string, Pack>>;
  readonly advisories: Readonly<Record<string, Advisories>>;
}

/** Reads the text of a lock. @throws Refusal that names all places that do not fit */
export function parseLock(text: string, file: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${file}: it is not JSON`, [(error as Error).message]);
  }
  const wrong: string[] = [];
  const lock = recordOf(value, "the file", wrong);
  if (lock["version"] !== 1) wrong.push(`version: expected 1, found ${JSON.stringify(lock["version"])}`);
  const engine = lock["engine"] === undefined ? {} : recordOf(lock["engine"], "engine", wrong);
  if (lock["engine"] !== undefined) textOf(engine, "version", "engine", wrong);
  for (const kind of ["packs", "advisories"]) {
    for (const [name, entry] of Object.entries(recordOf(lock[kind], kind, wrong))) {
      const where = `${kind}.${name}`;
      const fields = recordOf(entry, where, wrong);
      for (const key of kind === "packs" ? ["source", "file"] : ["source", "file", "ecosystem"]) {
        textOf(fields, key, where, wrong);
      }
      if (String(fields["file"]).split("/").includes("..") || String(fields["file"]).startsWith("/")) {
        wrong.push(`${where}.file: expected a path below the lock, found ${String(fields["file"])}`);
      }
      if (kind === "advisories" && !Array.isArray(fields["ids"])) wrong.push(`${where}.ids: expected a list`);
    }
  }
  if (wrong.length > 0) throw new Refusal(`${file}: it is no lock of rules_semgrep`, wrong);
  return value as Lock;
}

/** A lock as it stands in the file. */
export function printLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function recordOf(value: unknown, where: string, wrong: string[]): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  wrong.push(`${where}: expected an object, found ${JSON.stringify(value)}`);
  return {};
}

function textOf(record: Record<string, unknown>, key: string, where: string, wrong: string[]): void {
  const value = record[key];
  if (typeof value === "string" && value !== "") return;
  wrong.push(`${where}.${key}: expected a text, found ${JSON.stringify(value)}`);
}
