import { join } from "node:path";
import { type Command, type Io, Refusal } from "../command.ts";
import { isCommittedManifest, readFolder } from "../manifests/disk.ts";
import { compare, type Folder } from "./compare.ts";
import { Checkout, type Commit } from "./git.ts";
import { jsonOf } from "./json.ts";
import { markdownOf } from "./markdown.ts";
import { help, type Options, readOptions } from "./options.ts";
import { Unreadable } from "./parse.ts";
import type { Report } from "./report.ts";
import { textOf } from "./text.ts";

/** What `manifests_diff` writes. */
export interface DiffParams {
  /** The target, to speak of. */
  readonly label: string;
  /** The folder of manifests, from the workspace. */
  readonly folder: string;
  /** The branch that others are merged into. */
  readonly branch: string;
}

/** Where the report goes. */
export interface Output {
  readonly isTerminal: boolean;
  readonly write: (text: string) => void;
}

const stdout: Output = { isTerminal: process.stdout.isTTY === true, write: (text) => void process.stdout.write(text) };

/** `bazel run //manifests:diff`: says what changes between two states of a checkout. Status 2 when it cannot. */
export const diff: Command<DiffParams> = (params, io) => {
  process.stdout.on("error", leaveQuietly);
  return runDiff(params, io, stdout);
};

/** A reader such as `head` may go before the end. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** The same, for an output that is not this process's own. */
export function runDiff(params: DiffParams, io: Io, output: Output): number {
  const options = readOptions(io.args);
  if (typeof options === "string") {
    io.say(`${params.label}: ${options}\n\n${help(params.label, params.folder, params.branch)}`);
    return 2;
  }
  if (options.help) {
    output.write(help(params.label, params.folder, params.branch));
    return 0;
  }
  try {
    const { base, head } = sides(params, options, io);
    const report = compare(base, head);
    output.write(shown(report, options, io, output, params));
    return options.exitCode && report.apps.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Unreadable)) throw error;
    io.say(`\n${params.label}: ${error.message}\n\n`);
    return 2;
  }
}

function sides({ label, folder, branch }: DiffParams, options: Options, io: Io): { base: Folder; head: Folder } {
  const workspace = io.env["BUILD_WORKSPACE_DIRECTORY"];
  if (workspace === undefined) throw new Refusal("it was not started by Bazel", [`run it as: bazel run ${label}`]);
  const checkout = new Checkout(workspace);
  const head = checkout.commit(options.head ?? "HEAD");
  const named = checkout.commit(options.base ?? checkout.firstOf([`origin/${branch}`, branch]));
  const base = options.direct ? named : checkout.mergeBase(named, head);
  const at = (commit: Commit): Folder => ({ label: commit.label, files: checkout.files(commit, folder, isRead) });
  const tree = (): Folder => ({ label: "the working tree", files: workingTree(join(workspace, folder)) });
  const found = { base: at(base), head: options.head === undefined ? tree() : at(head) };
  if (found.base.files.size === 0 && found.head.files.size === 0) {
    throw new Refusal(
      `there are no manifests in ${folder}/, neither in ${found.base.label} nor in ${found.head.label}`,
      [`expected ${folder}/<overlay>/<app>/<kind>-<name>.yaml`],
    );
  }
  return found;
}

function workingTree(folder: string): ReadonlyMap<string, Buffer> {
  return new Map([...readFolder(folder)].filter(([path]) => isRead(path)));
}

function isRead(path: string): boolean {
  return isCommittedManifest(path) && /\.(ya?ml|json)$/.test(path);
}

function shown(report: Report, { format, colour }: Options, io: Io, output: Output, { label }: DiffParams): string {
  if (format === "json") return jsonOf(report);
  if (format === "markdown") return markdownOf(report, { command: `bazel run ${label}` });
  const wanted = output.isTerminal && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
  return textOf(report, { colour: colour === "always" || (colour === "auto" && wanted) });
}
