import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The list of files that every formatter leaves alone, in the syntax of .gitignore; editors read it too. */
export const IGNORE_FILE = ".prettierignore";

const ATTRIBUTES = [
  [":(exclude,attr:linguist-generated)", "linguist-generated", "set"],
  [":(exclude,attr:linguist-generated=true)", "linguist-generated", "true"],
  [":(exclude,attr:-format)", "format", "unset"],
] as const;

/** The top folder of the checkout that holds `folder`. Throws a message for the user when there is none. */
export async function topLevel(folder: string): Promise<string> {
  return (await git(folder, ["rev-parse", "--show-toplevel"])).toString("utf8").replace(/\n$/, "");
}

/** The names of files, sorted, and those that are not UTF-8, as they can be shown. */
export interface Listing {
  readonly paths: readonly string[];
  readonly unreadable: readonly string[];
}

/** Every file that git tracks or would add. Tracked files may be missing on disk or be links. */
export async function listEvery(root: string): Promise<Listing> {
  return names(await git(root, ["ls-files", "-z", "-c", "-o", "--exclude-standard"]));
}

/** The files of {@link listEvery} without those that `.gitattributes` or the ignore list takes out. */
export async function listFiles(root: string): Promise<Listing> {
  const ignore = existsSync(join(root, IGNORE_FILE)) ? ["-X", IGNORE_FILE] : [];
  const wanted = ["--", ".", ...ATTRIBUTES.map(([pathspec]) => pathspec)];
  const [candidates, ignored] = await Promise.all([
    git(root, ["ls-files", "-z", "-c", "-o", "--exclude-standard", ...ignore, ...wanted]),
    ignore.length > 0 ? git(root, ["ls-files", "-z", "-c", "-i", ...ignore]) : Buffer.alloc(0),
  ]);
  const out = new Set(names(ignored).paths);
  const { paths, unreadable } = names(candidates);
  return { paths: paths.filter((path) => !out.has(path)), unreadable };
}

/** The files that git tracks or would add but {@link listFiles} leaves out, each with the reason. */
export async function leftAlone(root: string, listed: readonly string[]): Promise<Map<string, string>> {
  const known = new Set(listed);
  const every = await listEvery(root);
  const input = every.paths.filter((path) => !known.has(path)).map((path) => `${path}\0`);
  const [attributes, patterns] = await Promise.all([
    git(root, ["check-attr", "-z", "--stdin", "linguist-generated", "format"], input.join("")),
    git(root, ["check-ignore", "-v", "-z", "--no-index", "--stdin"], input.join(""), {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.excludesFile",
      GIT_CONFIG_VALUE_0: join(root, IGNORE_FILE),
    }),
  ]);
  const reasons = new Map<string, string>();
  for (const [, line, pattern = "", path = ""] of rows(patterns, 4)) {
    reasons.set(path, `line ${line} of ${IGNORE_FILE} leaves it alone: ${pattern}`);
  }
  for (const [path = "", name, value] of rows(attributes, 3)) {
    if (ATTRIBUTES.some(([, attribute, kept]) => attribute === name && kept === value)) {
      reasons.set(path, `.gitattributes leaves it alone: ${value === "unset" ? "-" : ""}${name}`);
    }
  }
  return reasons;
}

function rows(answer: Buffer, width: number): string[][] {
  const cells = answer.toString("utf8").split("\0");
  return Array.from({ length: Math.floor(cells.length / width) }, (_, row) =>
    cells.slice(row * width, (row + 1) * width),
  );
}

function names(listing: Buffer): Listing {
  const all = new Set(listing.toString("utf8").split("\0"));
  const files = [...all].filter((path) => path !== "" && !path.endsWith("/")).sort();
  return {
    paths: files.filter((path) => !path.includes("\uFFFD")),
    unreadable: files.filter((path) => path.includes("\uFFFD")),
  };
}

function git(
  folder: string,
  args: readonly string[],
  input = "",
  variables: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: "buffer", maxBuffer: 1 << 30, env: { ...process.env, ...variables } } as const;
    const child = execFile("git", ["-C", folder, ...args], options, (error, stdout, stderr) => {
      const nothingMatched = args[0] === "check-ignore" && error?.code === 1;
      if (error === null || nothingMatched) return resolve(stdout);
      const said = stderr.toString("utf8").trim() || error.message;
      const hint = "format needs git and a checkout; start it inside one.";
      reject(new Error(`git ${args[0]} failed in ${folder}: ${said}\n${hint}`, { cause: error }));
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}
