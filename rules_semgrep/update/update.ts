import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { advisoryFile, recordsOf } from "./advisories.ts";
import { type Advisories, type Lock, type Pack, parseLock, printLock } from "./lock.ts";
import { advisoriesAddress, digestOf, fetchBytes, type Origins, packAddress, proDigest } from "./origins.ts";
import { packFile, rulesOf } from "./packs.ts";

/** What to bring up to date. */
export interface Request {
  /** Path of the lock; all its files stand below its folder. */
  readonly lock: string;
  /** The version of semgrep-core that is used; undefined leaves that of the lock. */
  readonly engine: string | undefined;
  readonly origins: Origins;
  readonly say: (line: string) => void;
}

interface Write {
  readonly path: string;
  readonly text: string;
}

/**
 * Brings a lock and its files up to date. Everything is fetched before anything is written: when something fails, nothing has changed.
 *
 * @returns whether something changed
 * @throws Refusal
 */
export async function update({ lock: path, engine, origins, say }: Request): Promise<boolean> {
  const before = await readFile(path, "utf8");
  const lock = parseLock(before, path);
  const folder = dirname(path);
  const writes: Write[] = [];
  const packs: Record<string, Pack> = {};
  for (const [name, pack] of Object.entries(lock.packs)) {
    const bytes = await fetchBytes(packAddress(pack.source, origins), `packs.${name}`);
    const { text, rules, leftOut } = await packFile(bytes, pack.file);
    const old = await readFile(join(folder, pack.file), "utf8").catch(() => "");
    packs[name] = { ...pack, digest: digestOf(text) };
    if (text === old) continue;
    writes.push({ path: join(folder, pack.file), text });
    say(`packs.${name}: ${changes(old === "" ? new Map() : rulesOf(old), rules)}`);
    for (const rule of leftOut) say(`  left out: ${rule}`);
  }
  const advisories: Record<string, Advisories> = {};
  for (const [name, entry] of Object.entries(lock.advisories)) {
    const zip = await fetchBytes(advisoriesAddress(entry.source, origins), `advisories.${name}`);
    const { text, records } = advisoryFile(zip, entry.ecosystem, entry.ids, entry.file);
    const old = await readFile(join(folder, entry.file), "utf8").catch(() => "");
    advisories[name] = { ...entry, digest: digestOf(text) };
    if (text === old) continue;
    writes.push({ path: join(folder, entry.file), text });
    say(`advisories.${name}: ${changes(old === "" ? new Map() : recordsOf(old), records)}`);
  }
  const engineNow = await engineOf(lock.engine, engine, origins, say);
  const after = printLock({ version: 1, ...(engineNow === undefined ? {} : { engine: engineNow }), packs, advisories });
  if (after !== before) writes.push({ path, text: after });
  for (const write of writes) await replace(write);
  if (writes.length === 0) say(`${path}: nothing changed`);
  return writes.length > 0;
}

/** Files of a lock that are not what it says, each with what it is. */
export async function faultsOf(path: string): Promise<string[]> {
  const lock = parseLock(await readFile(path, "utf8"), path);
  const faults: string[] = [];
  for (const { file, digest } of [...Object.values(lock.packs), ...Object.values(lock.advisories)]) {
    const text = await readFile(join(dirname(path), file), "utf8").catch(() => undefined);
    const found = text === undefined ? "no file" : digestOf(text);
    if (found !== digest)
      faults.push(`${file}: expected ${digest ?? "a digest, which the update writes"}, found ${found}`);
  }
  return faults;
}

async function engineOf(
  locked: Lock["engine"],
  version: string | undefined,
  origins: Origins,
  say: (line: string) => void,
): Promise<Lock["engine"]> {
  if (version === undefined || version === locked?.version) return locked;
  say(`engine: ${locked?.version ?? "none"} -> ${version}`);
  if (locked?.pro === undefined) return { version };
  if (origins.token === "") {
    say(
      "  the Pro engine is not pinned any more: its digests are those of the old version, and SEMGREP_APP_TOKEN is not set",
    );
    return { version, pro: {} };
  }
  const pro: Record<string, string> = {};
  for (const platform of ["darwin_arm64", "linux_amd64", "linux_arm64"]) {
    pro[platform] = await proDigest(platform, version, origins);
  }
  return { version, pro };
}

/** "2 new (a, b), 1 changed (c), 1 gone (d)", of things by their ids. */
function changes(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string {
  const parts: [string, string[]][] = [
    ["new", [...now.keys()].filter((id) => !old.has(id))],
    ["changed", [...now.keys()].filter((id) => old.has(id) && old.get(id) !== now.get(id))],
    ["gone", [...old.keys()].filter((id) => !now.has(id))],
  ];
  const said = parts
    .filter(([, ids]) => ids.length > 0)
    .map(([what, ids]) => `${ids.length} ${what} (${ids.slice(0, 5).join(", ")}${ids.length > 5 ? ", ..." : ""})`);
  return said.length === 0 ? "written anew" : said.join(", ");
}

async function replace({ path, text }: Write): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
