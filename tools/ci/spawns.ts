/** One process of a build, as Bazel writes it to `--execution_log_json_file`. */
export interface Spawn {
  readonly mnemonic: string;
  readonly targetLabel: string;
  readonly runner: string;
  readonly cacheHit: boolean;
  readonly remotable: boolean;
  readonly cacheable: boolean;
}

/** One action as `bazel aquery --output=jsonproto` lists it. */
export interface ListedAction {
  readonly mnemonic: string;
  readonly label: string;
  /** Execution requirements, such as `no-sandbox` or `requires-network`. */
  readonly requirements: readonly string[];
}

/** An action that breaks a rule of the remote cache, and which one. */
export interface Offender {
  readonly mnemonic: string;
  readonly label: string;
  readonly why: string;
}

/** Reads the execution log: JSON objects of many lines, one behind the other without anything between them. */
export function parseSpawns(log: string): readonly Spawn[] {
  if (log.trim() === "") return [];
  return log
    .split(/^\}\s*\{$/m)
    .map(
      (text, index, all) =>
        JSON.parse(`${index === 0 ? "" : "{"}${text}${index === all.length - 1 ? "" : "}"}`) as Partial<Spawn>,
    )
    .map((spawn) => ({
      mnemonic: spawn.mnemonic ?? "?",
      targetLabel: spawn.targetLabel ?? "?",
      runner: spawn.runner ?? "",
      cacheHit: spawn.cacheHit === true,
      remotable: spawn.remotable === true,
      cacheable: spawn.cacheable === true,
    }));
}

/** Reads what aquery printed. */
export function parseActions(json: string): readonly ListedAction[] {
  const { actions = [], targets = [] } = JSON.parse(json) as {
    actions?: { mnemonic: string; targetId: number; executionInfo?: { key: string }[] }[];
    targets?: { id: number; label: string }[];
  };
  const labels = new Map(targets.map(({ id, label }) => [id, label]));
  return actions.map(({ mnemonic, targetId, executionInfo = [] }) => ({
    mnemonic,
    label: labels.get(targetId) ?? "?",
    requirements: executionInfo.map(({ key }) => key),
  }));
}

const FORBIDDEN = new Set([
  ...[
    "no-sandbox",
    "local",
    "requires-network",
    "no-cache",
    "no-remote",
    "no-remote-cache",
    "no-remote-exec",
    "no-remote-cache-upload",
  ],
  ...["no-remote-cache-download", "no-local-cache", "external"],
]);

/** Actions that ask to be run outside the sandbox, with a network, or without the cache. */
export const forbiddenRequirements = (actions: readonly ListedAction[]): readonly Offender[] =>
  actions.flatMap(({ mnemonic, label, requirements }) =>
    requirements.filter((key) => FORBIDDEN.has(key)).map((key) => ({ mnemonic, label, why: `asks for "${key}"` })),
  );

const SANDBOXED = new Set(["linux-sandbox", "disk cache hit", "remote cache hit", "remote"]);

/** Processes that a first run did not sandbox (only linux-sandbox keeps the network out), or that no cache may keep. */
export const notCacheable = (spawns: readonly Spawn[]): readonly Offender[] =>
  spawns.flatMap(({ mnemonic, targetLabel: label, runner, remotable, cacheable }) => [
    ...(SANDBOXED.has(runner) ? [] : [{ mnemonic, label, why: `was run by "${runner}", not in the sandbox` }]),
    ...(cacheable ? [] : [{ mnemonic, label, why: "may not be cached" }]),
    ...(remotable ? [] : [{ mnemonic, label, why: "may not be run remotely" }]),
  ]);

/** Processes that were executed although a cache should have had their results. */
export const executed = (spawns: readonly Spawn[]): readonly Offender[] =>
  spawns
    .filter(({ cacheHit }) => !cacheHit)
    .map(({ mnemonic, targetLabel: label, runner }) => ({
      mnemonic,
      label,
      why: `was executed (${runner}) and not found in the cache`,
    }));
