import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Command, Refusal } from "./command.ts";
import type { Input } from "./rules.ts";

/** How the Pro engine is to look at sources. */
export interface Pro {
  /** `intrafile`: across the functions of each file; `interfile`: across all files of the scan. */
  readonly analysis: "intrafile" | "interfile";
  /** Seconds for the whole analysis across files. */
  readonly timeout: number;
}

/** What a test that cannot be done without the Pro engine is given. */
export interface Skip {
  readonly label: string;
  /** Why there is no Pro engine. */
  readonly absent: string;
  /** Whether that is a failure. */
  readonly required: boolean;
}

/** Arguments of semgrep-core-proprietary; `root` is the one folder that it may be given. */
export function proArguments({ analysis, timeout }: Pro, root: string): string[] {
  if (analysis === "intrafile") return ["-pro_intra_file"];
  return ["-pro_inter_file", "-timeout_for_interfile_analysis", String(timeout), root];
}

/** Links files into a folder under their names, so that one folder holds these files alone; nothing is copied. */
export async function linkInto<T extends Input>(root: string, files: readonly T[]): Promise<T[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = join(root, file.name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(resolve(file.path), path);
      return { ...file, path };
    }),
  );
}

/** In place of a test without the Pro engine: says that it was skipped, in its log, its outputs and its XML, or fails if that was asked for. */
export const skip: Command<Skip> = async ({ label, absent, required }, io) => {
  if (required) {
    throw new Refusal(`${label}: the Pro engine is required and there is none`, [
      `Why: ${absent}.`,
      "Give Bazel what it needs, or let tests be skipped: without require_pro of the test and --@rules_semgrep//pro:require_pro.",
    ]);
  }
  const line = `SKIPPED: ${label}: nothing was scanned, it needs the Pro engine: ${absent}`;
  const outputs = io.env["TEST_UNDECLARED_OUTPUTS_DIR"];
  if (outputs !== undefined) await writeFile(join(outputs, "semgrep.txt"), `${line}\n`);
  const xml = io.env["XML_OUTPUT_FILE"];
  if (xml !== undefined) await writeFile(xml, junit(label, line));
  io.say(`\n${line}\n\n`);
  return 0;
};

function junit(label: string, line: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite name="${escape(label)}" tests="1" failures="0" errors="0" skipped="1">`,
    `    <testcase name="${escape(label)}" time="0"><skipped message="${escape(line)}"/></testcase>`,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
