/**
 * Fetches the Pro engine with Bazel from a fake of the download API, in every way that can go wrong:
 *
 *   bazel run //tests/pro:flow       in this repository; an argument chooses among the cases
 *
 * It is no test because it runs Bazel.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ENGINE, ENGINE_SHA256, FakeApi, TOKENS } from "./api.ts";
import { Nested, type Outcome, play } from "./nested.ts";

interface Options {
  readonly token?: string;
  readonly version?: string;
  readonly sha256?: string;
  readonly url?: string;
  /** Whether the engines are registered. */
  readonly toolchains?: boolean;
}

const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const ENGINE_REPOSITORY = `semgrep_pro_${PLATFORM}`;

/** Runs Bazel with a target, in a module that has the Pro engine as the options say. */
function bazel(command: string, target: string, options: Options): Promise<Outcome> {
  const { token = "", version = "1.185.0", sha256 = ENGINE_SHA256, url = api.url } = options;
  // Bazel takes nothing without a digest over plain http, which the fake speaks.
  const digests = JSON.stringify({ [PLATFORM]: `sha256:${sha256}` });
  const used = token === "" ? '"semgrep_pro"' : `"semgrep_pro", "${ENGINE_REPOSITORY}"`;
  const lines = [`semgrep.pro(version = "${version}", digests = ${digests})`, `use_repo(semgrep, ${used})`];
  if (options.toolchains === true) lines.push('register_toolchains("//:toolchain", "@semgrep_pro//:all")');
  return token === ""
    ? nested.bazel(lines, [command, target])
    : nested.bazel(lines, [command, `--repo_env=SEMGREP_URL=${url}`, target], { SEMGREP_APP_TOKEN: token });
}

/** Builds the folder with both engines, by toolchains; semgrep-core is one of the given version. */
async function engine(version: string): Promise<Outcome> {
  await mkdir(join(nested.folder, "bin"), { recursive: true });
  await writeFile(join(nested.folder, "bin/semgrep-core"), "semgrep-core\n");
  await writeFile(join(nested.folder, "bin/libtree-sitter.so"), "library\n");
  await writeFile(
    join(nested.folder, "BUILD.bazel"),
    `load("@rules_semgrep//:toolchain.bzl", "semgrep_toolchain")
filegroup(name = "bin", srcs = glob(["bin/*"]))
semgrep_toolchain(name = "semgrep", engine = ":bin", version = "${version}")
toolchain(name = "toolchain", toolchain = ":semgrep", toolchain_type = "@rules_semgrep//:toolchain_type")
`,
  );
  return bazel("build", "@rules_semgrep//pro:engine", { token: TOKENS.valid, toolchains: true });
}

function check({ failed, said }: Outcome, expectFailure: boolean, ...texts: readonly string[]): void {
  const missing = texts.filter((text) => !said.includes(text));
  const leaked = Object.values(TOKENS).filter((token) => said.includes(token));
  if (failed === expectFailure && missing.length === 0 && leaked.length === 0) return;
  throw new Error(
    `expected it to ${[expectFailure ? "fail" : "succeed", ...missing.map((text) => `say "${text}"`), ...leaked.map((token) => `keep ${token} to itself`)].join(", ")}; it said:\n${said}`,
  );
}

/** Files below a folder that hold one of the tokens; links, such as the one to this ruleset, are not followed. */
async function filesWithTokens(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesWithTokens(path);
      if (!entry.isFile()) return [];
      const bytes = await readFile(path);
      return Object.values(TOKENS).some((token) => bytes.includes(token)) ? [path] : [];
    }),
  );
  return found.flat();
}

/** Folders with a file of that name, below one that is not a link. */
async function findFolders(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => findFolders(join(folder, entry.name), name)),
  );
  return [...(entries.some((entry) => entry.isFile() && entry.name === name) ? [folder] : []), ...below.flat()];
}

const target = `@${ENGINE_REPOSITORY}//:pro`;
const api = await FakeApi.start();
const nested = await Nested.make();

const CASES: Readonly<Record<string, () => Promise<void>>> = {
  "without a token there is a stub, and nobody is asked": async () => {
    check(await bazel("query", "@semgrep_pro//:all", {}), false, "@semgrep_pro//:absent", "@semgrep_pro//:stub");
    if (api.seen.length > 0) throw new Error(`expected no request, received ${JSON.stringify(api.seen)}`);
  },
  "a token that nobody knows is 401, with what to do": async () =>
    check(
      await bazel("build", target, { token: TOKENS.unknown }),
      true,
      "GET returned 401 Unauthorized",
      "the token in SEMGREP_APP_TOKEN is not valid",
    ),
  "a token without the licence is 403": async () =>
    check(
      await bazel("build", target, { token: TOKENS.unentitled }),
      true,
      "GET returned 403 Forbidden",
      "its organisation has no Pro engine",
    ),
  "an unknown version is 404": async () =>
    check(
      await bazel("build", target, { token: TOKENS.valid, version: "9.9.9" }),
      true,
      "GET returned 404 Not Found",
      "no Pro engine of this version",
    ),
  "a body that ends early is not kept": async () =>
    check(
      await bazel("build", target, { token: TOKENS.truncated }),
      true,
      "cannot fetch the Pro engine",
      "a body that ends early",
    ),
  "an engine with another digest is not used": async () =>
    check(
      await bazel("build", target, { token: TOKENS.valid, sha256: "0".repeat(64) }),
      true,
      ENGINE_SHA256,
      "another digest",
    ),
  "a token is not sent in clear text": async () =>
    check(
      await bazel("build", target, { token: TOKENS.valid, url: "http://example.invalid" }),
      true,
      "expected https://",
    ),
  "nor to a host whose name begins with that of this machine": async () =>
    check(
      await bazel("build", target, { token: TOKENS.valid, url: "http://localhost.example.invalid" }),
      true,
      "expected https://",
    ),
  "a redirection is followed, without the token": async () => {
    check(await bazel("build", target, { token: TOKENS.redirected }), false);
    const last = api.seen.at(-1);
    if (last?.url !== "/signed" || last.authorization !== undefined) {
      throw new Error(`expected /signed without Authorization, received ${JSON.stringify(last)}`);
    }
  },
  "the engine is fetched with its digest, for the version and the platform": async () => {
    check(await bazel("build", target, { token: TOKENS.valid }), false);
    const base = join(nested.base, "external");
    const folder = (await readdir(base)).find((name) => name.endsWith(ENGINE_REPOSITORY));
    const text = await readFile(join(base, folder ?? "", "semgrep-core-proprietary"), "utf8");
    if (text !== ENGINE) throw new Error(`expected the engine, received ${text}`);
    const { url, authorization } =
      api.seen.find((seen) => seen.authorization === `Bearer ${TOKENS.valid}` && seen.url.endsWith("1.185.0")) ?? {};
    if (url === undefined || authorization === undefined)
      throw new Error(`expected a request with the token, received ${JSON.stringify(api.seen)}`);
  },
  "the toolchain puts it beside the semgrep-core of its version": async () => {
    check(await engine("1.185.0"), false);
    const [folder = ""] = await findFolders(join(nested.base, "execroot"), "semgrep-core-proprietary");
    const stamp = await readFile(join(folder, "pro-installed-by.txt"), "utf8");
    const files = (await readdir(folder)).sort().join(" ");
    if (
      stamp !== "1.185.0" ||
      files !== "libtree-sitter.so pro-installed-by.txt semgrep-core semgrep-core-proprietary"
    ) {
      throw new Error(`expected both engines and their library, found ${files} of ${stamp}`);
    }
  },
  "beside another version it is refused": async () =>
    check(await engine("1.0.0"), true, "the Pro engine is 1.185.0, semgrep-core is 1.0.0"),
  "no token stands in a file of Bazel": async () => {
    const found = await filesWithTokens(dirname(nested.folder));
    if (found.length > 0) throw new Error(`expected no token, found one in\n${found.join("\n")}`);
  },
};

try {
  await play(CASES);
} finally {
  api.stop();
  await nested.remove();
}
