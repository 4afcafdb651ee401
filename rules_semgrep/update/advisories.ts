import { unzipSync } from "fflate";
import { Refusal } from "../engine/command.ts";

/** Records as a file, one a line, and each by its id. */
export interface AdvisoryFile {
  readonly text: string;
  readonly records: ReadonlyMap<string, string>;
}

/**
 * Makes a file of the OSV records in a zip: those whose ids begin with one of `ids` and that were not withdrawn, with what concerns the
 * ecosystem, in the order of their ids. Fields that no check reads are left out, versions and ranges never.
 *
 * @throws Refusal that names the zip's entry
 */
export function advisoryFile(zip: Uint8Array, ecosystem: string, ids: readonly string[], name: string): AdvisoryFile {
  const records = new Map<string, string>();
  for (const [entry, bytes] of Object.entries(entriesOf(zip, ids, name))) {
    const record = recordOf(bytes, ecosystem, `${name}: ${entry}`);
    if (record !== null) records.set(record.id, JSON.stringify(record));
  }
  if (records.size === 0) {
    throw new Refusal(`${name}: no record of ${ecosystem} is in it`, ["Check source, ecosystem and ids in the lock."]);
  }
  return fileOf(records);
}

/** The records of a file that `advisoryFile` made, by id. */
export function recordsOf(text: string): Map<string, string> {
  return new Map((JSON.parse(text) as { id: string }[]).map((record) => [record.id, JSON.stringify(record)]));
}

function fileOf(records: ReadonlyMap<string, string>): AdvisoryFile {
  const sorted = new Map([...records].sort(([one], [other]) => (one < other ? -1 : 1)));
  return { text: `[\n${[...sorted.values()].join(",\n")}\n]\n`, records: sorted };
}

function entriesOf(zip: Uint8Array, ids: readonly string[], name: string): Record<string, Uint8Array> {
  const wanted = (entry: string): boolean => entry.endsWith(".json") && ids.some((id) => entry.startsWith(id));
  try {
    return unzipSync(zip, { filter: (file) => wanted(file.name) });
  } catch (error) {
    throw new Refusal(`${name}: what came is no zip`, [(error as Error).message, "Run it again, or check its source."]);
  }
}

interface Osv {
  readonly id: string;
  readonly affected?: readonly { readonly package?: { readonly ecosystem?: string } }[];
  readonly withdrawn?: string;
}

function recordOf(bytes: Uint8Array, ecosystem: string, where: string): (Osv & Record<string, unknown>) | null {
  let value: Osv & Record<string, unknown>;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as Osv & Record<string, unknown>;
  } catch (error) {
    throw new Refusal(`${where}: it is not JSON`, [(error as Error).message]);
  }
  if (typeof value.id !== "string" || !Array.isArray(value.affected)) {
    throw new Refusal(`${where}: it is no OSV record`, ["Expected an `id` and a list `affected`."]);
  }
  if (value.withdrawn !== undefined) return null;
  const affected = value.affected.filter((each) => each.package?.ecosystem?.split(":")[0] === ecosystem);
  if (affected.length === 0) return null;
  const { id, aliases, summary, details, severity, database_specific: database, references } = value;
  return {
    id,
    ...(aliases === undefined ? {} : { aliases }),
    summary: summary ?? String(details ?? "").split("\n")[0],
    ...(severity === undefined ? {} : { severity }),
    ...(database === undefined
      ? {}
      : { database_specific: { severity: (database as { severity?: string }).severity } }),
    ...(references === undefined ? {} : { references }),
    affected,
  };
}
