import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { delimiter } from "node:path";

const OURS = /^(JS_BINARY__|BAZEL_(?!LANE)|BUILD_|RUNFILES_|JAVA_RUNFILES|TEST_|NODE_)/;

/**
 * The environment of a program that Bazel started, as it was before Bazel: a Bazel that is called from it must see what the
 * person's own call sees, or it fetches and builds again.
 */
export function callerEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OURS.test(entry[0]),
  );
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === "PATH"
        ? value
            .split(delimiter)
            .filter((folder) => !/\/bazel-out\/|\.runfiles(\/|$)/.test(folder))
            .join(delimiter)
        : value,
    ]),
  );
}

/** Runs Bazel in a workspace and returns how it ended; throws when it cannot be started at all. */
export function runBazel(
  bazel: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly quiet?: boolean },
): SpawnSyncReturns<string> {
  const done = spawnSync(bazel, args, {
    cwd: options.cwd,
    env: options.env ?? callerEnv(process.env),
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", options.quiet ? "pipe" : "inherit"],
  });
  if (done.error)
    throw new Error(`${bazel} could not be started: ${done.error.message}. BAZEL names another one.`, {
      cause: done.error,
    });
  return done;
}
