import { parsePipRequirementsLine, type Requirement, RequirementsSyntaxError } from "pip-requirements-js";
import { broken } from "../document.ts";
import type { Lock, LockedPackage } from "../lock.ts";
import { normalised } from "../names.ts";

/** Reads requirements.txt as pip-compile, uv and pip freeze write it: `name==version`, with or without hashes. */
export function readRequirements(source: string, file: string): Lock {
  const packages = logicalLines(source, file).flatMap(({ text, line }) => packageOf(text, line, file));
  const seen = new Map<string, number>();
  for (const { id, line } of packages) {
    const before = seen.get(id);
    if (before !== undefined) {
      throw broken(file, line, `${id} is there twice, also in line ${before}`, "Take one of the two away.");
    }
    seen.set(id, line);
  }
  const roots = packages.map(({ id, name }) => ({ importer: null, name, id }));
  return { file, tool: "pip", ecosystem: "PyPI", packages, roots };
}

function packageOf(text: string, line: number, file: string): LockedPackage[] {
  const found = parsed(text, line, file);
  if (found === null) return [];
  if (found.type === "RequirementsFile" || found.type === "ConstraintsFile") {
    const what = `it takes in ${found.path}, whose versions are not in this file`;
    throw broken(file, line, what, "Give `lockfiles` a compiled file: `uv pip compile` or pip-compile writes it.");
  }
  const name = normalised(found.name);
  const shared = { ecosystem: "PyPI" as const, name, notes: [], relation: "listed" as const, line, edges: [] };
  if (found.type === "ProjectURL") {
    return [{ ...shared, id: `${name}@${found.url}`, version: "", opaque: `it comes from ${found.url}` }];
  }
  const [only, ...rest] = found.versionSpec ?? [];
  const isPinned = only !== undefined && rest.length === 0 && isExact(only.operator) && !only.version.includes("*");
  if (isPinned) return [{ ...shared, id: `${name}@${only.version}`, version: only.version }];
  const wanted = (found.versionSpec ?? []).map(({ operator, version }) => `${operator}${version}`).join(",");
  return [{ ...shared, id: `${name}@${wanted}`, version: "", opaque: `it is not pinned (${wanted || "any version"})` }];
}

function isExact(operator: string): boolean {
  return operator === "==" || operator === "===";
}

function parsed(text: string, line: number, file: string): Requirement | null {
  try {
    return parsePipRequirementsLine(text);
  } catch (error) {
    if (!(error instanceof RequirementsSyntaxError)) throw error;
    throw broken(
      file,
      line,
      `${text} is no requirement with a name and a version`,
      "Name what comes from a folder or an address: `name @ file:...`.",
    );
  }
}

// Lines that end with a backslash go on in the next; options of a requirement (`--hash`) stand behind it.
function logicalLines(source: string, file: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | null = null;
  for (const [index, raw] of source.split("\n").entries()) {
    const goesOn = raw.trimEnd().endsWith("\\");
    const part = goesOn ? raw.trimEnd().slice(0, -1) : raw;
    const current: { text: string; line: number } = { text: (open?.text ?? "") + part, line: open?.line ?? index + 1 };
    open = goesOn ? current : null;
    if (!goesOn) found.push(current);
  }
  if (open !== null) throw broken(file, open.line, "the last line goes on, but the file ends", "Is it cut off?");
  return found
    .map(({ text, line }) => ({ text: withoutOptions(text, line, file), line }))
    .filter(({ text }) => text !== "");
}

const GLOBAL_OPTIONS = ["--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--trusted-host", "--no-index"];
const FLAGS = ["--no-binary", "--only-binary", "--require-hashes", "--pre", "--prefer-binary", "--use-feature"];

function withoutOptions(text: string, line: number, file: string): string {
  const trimmed = text.trim();
  const [first = ""] = trimmed.split(" ");
  const option = first.split("=")[0] ?? "";
  if ([...GLOBAL_OPTIONS, ...FLAGS].includes(option)) return "";
  if (option === "-e" || option === "--editable") {
    throw broken(
      file,
      line,
      `${trimmed} has no name and no version`,
      "Leave the project itself out: `--no-emit-project`.",
    );
  }
  const at = trimmed.indexOf(" --");
  return at < 0 ? trimmed : trimmed.slice(0, at);
}
