import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { type Command, Refusal } from "./command.ts";
import { type PushParams, pushed } from "./push.ts";

/** What `helm_push_test` asks for. */
export interface PushTestParams extends Omit<PushParams, "repository"> {
  /** The crane binary, whose `registry serve` is the registry. */
  readonly crane: string;
}

/** Pushes a chart to a registry on this machine, and asks the registry for the digest. */
export const pushTest: Command<PushTestParams> = async (params, { env, say }) => {
  const home = env["TEST_TMPDIR"] ?? "";
  process.env["HOME"] = home;
  const crane = resolve(params.crane);
  const registry = spawn(crane, ["registry", "serve", "--address", "127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const port = await portOf(registry);
    const repository = `oci://127.0.0.1:${port}/charts`;
    const { log, reference } = pushed({ ...params, repository }, repository, ["--plain-http"]);
    say(log);
    const found = spawnSync(crane, ["digest", "--insecure", reference], { encoding: "utf8" });
    const expected = readFileSync(params.digest, "utf8");
    if (found.stdout.trim() === expected) return 0;
    throw new Refusal(`${params.label}: the registry has another digest than the build`, [
      `expected ${expected}`,
      `received ${found.stdout}${found.stderr}`,
    ]);
  } finally {
    const ended = once(registry, "exit");
    registry.kill();
    await ended;
  }
};

async function portOf(registry: ChildProcess): Promise<string> {
  const said: string[] = [];
  if (registry.stderr === null) throw new Error("the registry has no stderr");
  for await (const line of createInterface({ input: registry.stderr })) {
    said.push(line);
    const port = /serving on port (\d+)/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error(`crane registry serve ended before it served:\n${said.join("\n")}`);
}
