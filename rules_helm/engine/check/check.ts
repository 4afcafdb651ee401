import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Command, type Io, Refusal } from "../command.ts";
import { type Allowed, applyAllowances } from "./allow.ts";
import { readManifests, schemaPaths } from "./files.ts";
import { type Finding, findingPlace, findingText, sortedFindings } from "./finding.ts";
import { hardeningFindings } from "./hardening/harden.ts";
import { kubeconformArguments, kubeconformFindings } from "./kubeconform.ts";
import { isDefinition, readDefinitions } from "./definitions.ts";
import { duplicateFindings, parseResources, type Resource } from "./resources.ts";
import { isObject, type Json } from "./schema.ts";
import { crdSchemas, schemaText } from "./schema-files.ts";

/** What the check is of and against. Paths are relative to the working directory. */
export interface CheckParams {
  /** Whom messages name. */
  readonly label: string;
  /** Files, and folders with manifests. */
  readonly manifests: readonly string[];
  /** The kubeconform binary; null only reads the manifests. */
  readonly kubeconform: string | null;
  /** Folders of schemas, laid out as `schemaPath` says. */
  readonly schemas: readonly string[];
  /** Where a person adds a schema that is missing. */
  readonly origin: string;
  /** Files and folders with CustomResourceDefinitions: schemas for what is checked, not checked themselves. */
  readonly crds: readonly string[];
  readonly hardening: boolean;
  /** Findings that are allowed, and why: see `applyAllowances`. */
  readonly allow: Readonly<Record<string, string>>;
  /** A file for the result as JSON ({@link CheckReport}) in place of text and of status 1. */
  readonly report: string | null;
}

/** The result for another program. */
export interface CheckReport {
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly allowed: readonly Allowed[];
  readonly resources: readonly Omit<Resource, "lineOf">[];
  /** What stands in the parameter `crds`. */
  readonly crds: readonly Omit<Resource, "lineOf">[];
}

const FILES_A_RUN = 500;

/** Reads manifests strictly, checks them with kubeconform and for hardening. Status 1 with findings. */
export const check: Command<CheckParams> = async (params, io) => {
  const report = await checkManifests(params, io);
  if (params.report !== null) {
    await writeFile(params.report, JSON.stringify(report));
    return 0;
  }
  io.say(reportText(params.label, report));
  return report.findings.length === 0 ? 0 : 1;
};

/** Findings, allowances with their reasons, and a last line that counts. */
export function reportText(label: string, report: CheckReport): string {
  const found = report.findings.length;
  return [
    ...report.findings.map((finding) => `${findingText(finding)}\n`),
    ...report.allowed.map(({ finding, reason }) => `${findingPlace(finding)} allowed: ${reason}\n`),
    `${label}: ${count(report.files, "file")}, ${count(report.resources.length, "resource")}: ${found === 0 ? "no findings" : count(found, "finding")}\n`,
  ].join("");
}

async function checkManifests(params: CheckParams, io: Io): Promise<CheckReport> {
  const files = await readManifests(params.manifests, params.label);
  const crds = await readDefinitions(params.crds, params.label);
  const parsed = files.map((file) => ({ ...parseResources(file.name, file.text), file: file.name }));
  const resources = parsed.flatMap((each) => each.resources);
  const readable = parsed.filter((each) => each.findings.length === 0 && each.resources.length > 0);
  const findings = parsed.flatMap((each) => each.findings);
  if (resources.length === 0 && findings.length === 0)
    throw new Refusal(
      `${params.label}: ${params.manifests.join(", ")}: no resource in ${count(files.length, "file")}`,
      ["expected: at least one; a check of nothing would always pass"],
    );
  findings.push(...duplicateFindings(resources));
  if (params.kubeconform !== null)
    findings.push(
      ...(await schemaFindings(
        params,
        params.kubeconform,
        readable.map((each) => each.file),
        resources,
        crds,
        io,
      )),
    );
  if (params.hardening) findings.push(...hardeningFindings(resources));
  const after = applyAllowances(findings, resources, params.allow, params.label);
  return {
    files: files.length,
    findings: sortedFindings(after.findings),
    allowed: after.allowed,
    resources: resources.map(withoutLines),
    crds: crds.map(withoutLines),
  };
}

function withoutLines({ lineOf: _, ...rest }: Resource): Omit<Resource, "lineOf"> {
  return rest;
}

async function schemaFindings(
  params: CheckParams,
  binary: string,
  files: readonly string[],
  resources: readonly Resource[],
  crds: readonly Resource[],
  io: Io,
): Promise<Finding[]> {
  const work = await mkdtemp(path.join(io.env["TEST_TMPDIR"] ?? tmpdir(), "check-"));
  try {
    await writeCrdSchemas(work, params.schemas, [...crds, ...resources.filter(isDefinition)]);
    const folders = [work, ...params.schemas];
    const known = { paths: await schemaPaths(folders), origin: params.origin };
    const findings: Finding[] = [];
    for (let at = 0; at < files.length; at += FILES_A_RUN) {
      const part = files.slice(at, at + FILES_A_RUN);
      const output = await run(binary, kubeconformArguments(folders, part));
      const checked = resources.filter((each) => part.includes(each.file));
      findings.push(...kubeconformFindings(output, checked, known));
    }
    return findings;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A CustomResourceDefinition among the manifests is the schema of the resources beside it. */
async function writeCrdSchemas(folder: string, schemas: readonly string[], crds: readonly Resource[]): Promise<void> {
  if (crds.length === 0) return;
  const metadata = await metadataSource(schemas);
  for (const crd of crds)
    for (const [name, schema] of crdSchemas(crd.object, metadata)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), schemaText(schema));
    }
}

/** A schema file that has the definition of a resource's metadata: the ConfigMap's, which every Kubernetes has. */
async function metadataSource(schemas: readonly string[]) {
  for (const folder of schemas) {
    const text = await readFile(path.join(folder, "v1/configmap_v1.json"), "utf8").catch(() => undefined);
    const value = text === undefined ? undefined : (JSON.parse(text) as Json);
    if (isObject(value)) return value;
  }
  return undefined;
}

/** kubeconform's own status says whether something is invalid; only that it could not run at all is an error here. */
function run(binary: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(binary, [...args], { maxBuffer: 1 << 28, env: {} }, (error, stdout, stderr) => {
      if (error && error.code !== 1)
        reject(new Error(`kubeconform could not run: ${stderr || error.message}`, { cause: error }));
      else resolve(stdout);
    });
  });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
