import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What a run of helm came to. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The time of everything that helm writes: 1 January 1980, the first that all archives can hold. */
export const epoch = 315_532_800;

/**
 * Runs helm with an empty home: no cluster, no plugins, no registries, one locale, and UTC unless `zone` is another.
 *
 * @param helm the binary
 * @throws when the binary cannot be started
 */
export function runHelm(helm: string, args: readonly string[], zone = "UTC"): Ran {
  return withTemporaryFolder((home) => {
    const { status, stdout, stderr, error } = spawnSync(resolve(helm), args, {
      env: {
        HELM_CACHE_HOME: join(home, "cache"),
        HELM_CONFIG_HOME: join(home, "config"),
        HELM_DATA_HOME: join(home, "data"),
        HELM_PLUGINS: join(home, "plugins"),
        HOME: home,
        KUBECONFIG: join(home, "none"),
        LC_ALL: "C",
        PATH: "/usr/bin:/bin",
        SOURCE_DATE_EPOCH: String(epoch),
        TMPDIR: home,
        TZ: zone,
      },
      maxBuffer: 2 ** 30,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (error !== undefined) throw new Error(`${helm} could not be run: ${error.message}`, { cause: error });
    return { ok: status === 0, stdout, stderr: stderr.toString() };
  });
}

/** Calls `use` with a new folder that is gone afterwards; below TEST_TMPDIR in a test. */
export function withTemporaryFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "rules_helm-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let result: T;
  try {
    result = use(folder);
  } catch (error) {
    remove();
    throw error;
  }
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}
