import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { platformImages } from "../layout.ts";
import { ARCHITECTURES, removeRoot, start } from "./engine.ts";

const layout = process.env["IMAGE"]!;
const scratch = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "root-"));
let service: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** Asks until the service answers; fails with what it said when it ends before. */
async function healthy(child: ChildProcess, url: string, output: () => string): Promise<Response> {
  for (let tries = 0; tries < 1200 && child.exitCode === null && child.signalCode === null; tries++) {
    const reply = await fetch(url).catch(() => undefined);
    if (reply) return reply;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the service did not answer at ${url}; exit code ${child.exitCode}; it said:\n${output()}`);
}

afterEach(() => {
  service?.kill("SIGKILL");
});

describe.each(platformImages(layout))("$platform", (image) => {
  test("the service starts in its own root, answers, and ends when it is told to", async () => {
    const port = await freePort();
    const { child, output } = start(layout, image, join(scratch, image.config.architecture), {
      HOST: "127.0.0.1",
      PORT: String(port),
    });
    service = child;
    const health = await healthy(child, `http://127.0.0.1:${port}/healthz`, output);
    expect(await health.json()).toEqual({ status: "ok" });

    const self = (await (await fetch(`http://127.0.0.1:${port}/self`)).json()) as { certificates: number };
    expect(self).toMatchObject({
      uid: 1000,
      gid: 1000,
      cwd: "/app",
      arch: ARCHITECTURES[image.platform]!.node,
      env: { NODE_ENV: "production" },
    });
    expect(self.certificates).toBeGreaterThan(100);

    const { stack } = (await (await fetch(`http://127.0.0.1:${port}/stack`)).json()) as { stack: string };
    expect(stack).toContain("main.ts:");

    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(existsSync(join(scratch, image.config.architecture, "app/app/main.mjs"))).toBe(true);
  });
});

afterEach(() => {
  for (const { config } of platformImages(layout)) removeRoot(join(scratch, config.architecture));
});
