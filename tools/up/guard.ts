import { spawn } from "node:child_process";
import { join } from "node:path";

/** Keeps the warden (warden.ts) informed, which ends every part when this process ends without having done so. */
export interface Guard {
  /** Process id of the warden. */
  readonly pid: () => number | undefined;
  readonly add: (group: number) => void;
  readonly remove: (group: number) => void;
  /** Lets the warden go; resolves when it has ended. To be called when every part has ended. */
  readonly release: () => Promise<void>;
}

/** Starts the warden of a run in a session of its own; starts another one when somebody ends it. */
export function startGuard(run: string, node: string): Guard {
  const groups = new Set<number>();
  let released = false;
  const launch = () => {
    const { [`HOMELAB_UP`]: _inherited, ...env } = process.env;
    const child = spawn(node, [join(import.meta.dirname, "warden.ts"), run], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { ...env, NODE_OPTIONS: "" },
    });
    child.stdin.on("error", () => {});
    child.on("error", () => {});
    child.on("exit", () => {
      if (!released) setTimeout(() => released || (warden = launch()), 200);
    });
    for (const group of groups) child.stdin.write(`+${group}\n`);
    return child;
  };
  let warden = launch();
  return {
    pid: () => warden.pid,
    add: (group) => {
      groups.add(group);
      warden.stdin.write(`+${group}\n`);
    },
    remove: (group) => {
      groups.delete(group);
      warden.stdin.write(`-${group}\n`);
    },
    release: () => {
      released = true;
      if (warden.exitCode !== null || warden.signalCode !== null || warden.pid === undefined) return Promise.resolve();
      const gone = new Promise<void>((resolve) => warden.on("exit", () => resolve()));
      warden.stdin.end();
      return gone;
    },
  };
}
