import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { type BatchTool, problemsByLine, runBatches } from "./batch.ts";
import { digest } from "./digest.ts";
import type { Formatter, FormatterName, Problem } from "./model.ts";
import { prettierPool } from "./prettier-pool.ts";
import type { Ran } from "./process.ts";
import type { Tree } from "./tree.ts";

/** The absolute names of the programs; one that is missing is complained of when a file needs it. */
export type Programs = Partial<Readonly<Record<Exclude<FormatterName, "prettier">, string>>>;

/** The programs that `<TOOL>_BIN` variables name, relative to the working directory. */
export function programsOf(env: Readonly<Record<string, string | undefined>>): Programs {
  const named = programNames.map((name) => [name, env[`${name.toUpperCase()}_BIN`]] as const);
  return Object.fromEntries(named.flatMap(([name, file]) => (file ? [[name, resolve(file)]] : [])));
}

interface Batched {
  readonly writes: boolean;
  readonly args: readonly string[];
  /** The files at the root that the tool reads. */
  readonly settings: readonly string[];
  readonly problems: BatchTool["problems"];
}

const byLine = (ran: Ran, paths: readonly string[]) => problemsByLine(ran.stderr, paths);

const BATCHED: Readonly<Record<keyof Programs, Batched>> = {
  buildifier: { writes: true, args: ["-mode=fix", "-lint=off"], settings: [], problems: byLine },
  shfmt: { writes: true, args: ["-w"], settings: [".editorconfig"], problems: byLine },
  shellcheck: {
    writes: false,
    args: ["--format=json1", "--severity=warning"],
    settings: [".shellcheckrc"],
    problems: shellcheckProblems,
  },
};

const programNames = Object.keys(BATCHED) as (keyof Programs)[];

/** All formatters over this tree. `started` is called for every process and thread that one of them starts. */
export function makeFormatters(tree: Tree, programs: Programs, started: () => void): readonly Formatter[] {
  return [
    prettierFormatter(tree, started),
    ...programNames.map((name) => batchFormatter(name, tree, programs[name], started)),
  ];
}

function prettierFormatter(tree: Tree, started: () => void): Formatter {
  const main = createRequire(import.meta.url).resolve("prettier");
  const worker = join(import.meta.dirname, "prettier-worker.ts");
  const parts = [main, join(dirname(main), "package.json"), worker].map((file) => tree.digestOfTool(file) ?? "missing");
  const settings = setting(tree, ".prettierrc.json");
  const config = settings === undefined ? null : join(tree.root, ".prettierrc.json");
  const pool = prettierPool(
    ({ path, content }) => ({ file: join(tree.root, path), config, text: content.toString("utf8") }),
    started,
  );
  return {
    name: "prettier",
    writes: true,
    tool: digest(...parts),
    config: digest(settings?.toString() ?? ""),
    ...pool,
  };
}

function batchFormatter(name: keyof Programs, tree: Tree, program: string | undefined, started: () => void): Formatter {
  const { writes, args, settings, problems } = BATCHED[name];
  const found = settings.flatMap((file) => {
    const content = setting(tree, file);
    return content === undefined ? [] : [[file, content] as const];
  });
  const identity = program === undefined ? undefined : tree.digestOfTool(program);
  return {
    name,
    writes,
    tool: digest(identity ?? "missing", ...args),
    config: digest(...found.flatMap(([file, content]) => [file, content.toString()])),
    async run(jobs, report) {
      if (program === undefined || identity === undefined) throw new Error(missing(name, program));
      await runBatches({ name, program, args, settings: new Map(found), problems }, jobs, report, started);
    },
    async close() {},
  };
}

function setting(tree: Tree, file: string): Buffer | undefined {
  try {
    return readFileSync(join(tree.root, file));
  } catch {
    return undefined;
  }
}

function missing(name: string, program: string | undefined): string {
  const variable = `${name.toUpperCase()}_BIN`;
  const found = program === undefined ? `${variable} is not set` : `${variable} names ${program}, which cannot be read`;
  return `${found}; expected the program ${name}. Run ./bazel run //:format, which brings it.`;
}

function shellcheckProblems(ran: Ran): Map<string, Problem[]> {
  interface Comment {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly code: number;
    readonly message: string;
  }
  const problems = new Map<string, Problem[]>();
  let comments: readonly Comment[];
  try {
    comments = (JSON.parse(ran.stdout) as { comments: Comment[] }).comments;
  } catch {
    return problems;
  }
  for (const { file, line, column, code, message } of comments) {
    const path = file.replace(/^\.\//, "");
    problems.set(path, [...(problems.get(path) ?? []), { line, column, message: `SC${code} ${message}` }]);
  }
  return problems;
}
