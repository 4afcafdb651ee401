import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { siteFiles, topFile } from "./assets/files.ts";
import { type Manifest, manifestFiles } from "./assets/manifest.ts";
import { type Command, Refusal } from "./command.ts";
import { type Kind, checkConfiguration } from "./config/check.ts";
import { readConfiguration } from "./config/read.ts";
import { scriptFaults } from "./config/script.ts";
import { LIMITS } from "./limits.ts";
import { parseHeaders } from "./rules/headers.ts";
import { parseRedirects } from "./rules/redirects.ts";
import type { Fault } from "./rules/rule-file.ts";

/** The parameters of `check`. */
export interface CheckParams {
  readonly kind: Kind;
  readonly label: string;
  /** wrangler.jsonc, .json or .toml. */
  readonly config: string;
  /** The name that the target says, which the configuration has to say too; empty when it says none. */
  readonly name: string;
  /** The folder of the site. */
  readonly site: string;
  /** The built script of a Worker; empty without one. */
  readonly script: string;
  /** Where the manifest is written. */
  readonly out: string;
}

/** Checks the configuration, the rule files and the limits of a site, and writes its manifest. Reports everything that is wrong at once. */
export const check: Command<CheckParams> = async ({ kind, label, config, name, site, script, out }) => {
  const text = await readFile(config, "utf8");
  const read = readConfiguration(config, text);
  const checked = "faults" in read ? read : checkConfiguration(kind, read);
  const lines = "faults" in checked ? shown(config, checked.faults) : [];
  if (!("faults" in checked)) {
    if (name !== "" && checked.name !== name)
      lines.push(`${config}: the target is for "${name}", the configuration names "${checked.name}"; make them one`);
    if (checked.main && script === "")
      lines.push(
        `${config}: main names a script, but the target has none; give the built script to the attribute main`,
      );
    if (!checked.main && script !== "")
      lines.push(
        `${config}: the target has a main, the configuration has none; name it there, so that wrangler dev runs it too`,
      );
  }
  const code = script === "" ? undefined : await readFile(script);
  if (code !== undefined && !("faults" in checked))
    lines.push(...(await scriptFaults(code, checked.flags)).map((fault) => `${script}: ${fault}`));
  const headers = topFile(site, "_headers");
  const redirects = topFile(site, "_redirects");
  if (headers !== undefined) lines.push(...shown(`${site}/_headers`, parseHeaders(headers).faults));
  if (redirects !== undefined) lines.push(...shown(`${site}/_redirects`, parseRedirects(redirects).faults));
  const files = siteFiles(kind, site);
  lines.push(...limitFaults(kind, site, files));
  if (lines.length > 0 || "faults" in checked) throw new Refusal(`${label} cannot be deployed`, lines);
  const manifest: Manifest = {
    kind,
    name: checked.name,
    files: manifestFiles(site, files),
    ...(headers === undefined ? {} : { headers }),
    ...(redirects === undefined ? {} : { redirects }),
    configuration: sha256(text),
    ...(code === undefined ? {} : { script: sha256(code) }),
  };
  await writeFile(out, `${JSON.stringify(manifest, null, 2)}\n`);
  return 0;
};

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function shown(file: string, faults: readonly Fault[]): string[] {
  return faults.map(({ line, message }) => `${file}:${line}: ${message}`);
}

function limitFaults(
  kind: Kind,
  site: string,
  files: readonly { readonly path: string; readonly bytes: number }[],
): readonly string[] {
  const faults = files
    .filter(({ bytes }) => bytes > LIMITS.fileBytes)
    .map(
      ({ path, bytes }) =>
        `${site}/${path}: expected at most 25 MiB, found ${(bytes / 1024 / 1024).toFixed(1)} MiB; serve it from object storage`,
    );
  if (files.length === 0) faults.push(`${site}: expected files to serve, found none`);
  if (files.length > LIMITS.files)
    faults.push(`${site}: expected at most ${LIMITS.files} files, found ${files.length}`);
  const worker = files.find(({ path }) => kind === "worker" && path.startsWith("_worker.js"));
  if (worker !== undefined)
    faults.push(`${site}/${worker.path}: would be served to everybody; use the attribute main for a script`);
  return faults;
}
