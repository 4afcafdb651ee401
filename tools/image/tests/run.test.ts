import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type PlatformImage, platformImages } from "../layout.ts";
import { unpack } from "./archive.ts";

const layout = process.env["IMAGE"]!;
const scratch = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "root-"));
const ARCHITECTURES: Record<string, { node: string; emulator: string }> = {
  "linux/amd64": { node: "x64", emulator: process.env["QEMU_X86_64_BIN"]! },
  "linux/arm64": { node: "arm64", emulator: process.env["QEMU_AARCH64_BIN"]! },
};
let service: ChildProcess | undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * Starts an image as a container engine would: in its own root and working directory, as its user, with its environment and nothing
 * else. User namespaces make the root without privileges; it cannot be written to. Another machine's programs run in an emulator,
 * which is the only file that is added.
 */
function start(image: PlatformImage, port: number): { child: ChildProcess; output: () => string } {
  const root = join(scratch, image.config.architecture);
  mkdirSync(root, { recursive: true });
  unpack(layout, image, root);
  const { node, emulator } = ARCHITECTURES[image.platform]!;
  const emulated = node !== process.arch;
  if (emulated) {
    chmodSync(root, 0o755);
    copyFileSync(resolve(emulator), join(root, "emulator"));
    chmodSync(join(root, "emulator"), 0o555);
    chmodSync(root, 0o555);
  }
  const { Entrypoint, Env, User, WorkingDir } = image.config.config;
  const [uid, gid] = User!.split(":");
  const env = Object.fromEntries(
    Env!.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const namespace = ["--user", `--map-user=${uid}`, `--map-group=${gid}`, `--root=${root}`, `--wd=${WorkingDir}`, "--"];
  const command = [...namespace, ...(emulated ? ["/emulator"] : []), ...Entrypoint!];
  const child = spawn("/usr/bin/unshare", command, {
    env: { ...env, HOST: "127.0.0.1", PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (text) => (output += text));
  return { child, output: () => output };
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
  test("the service starts in its own root, answers, and ends when it is told to", { timeout: 120_000 }, async () => {
    const port = await freePort();
    const { child, output } = start(image, port);
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
  for (const { config } of platformImages(layout)) {
    const root = join(scratch, config.architecture);
    if (existsSync(root))
      spawn("chmod", ["-R", "u+w", root]).on("exit", () => rmSync(root, { recursive: true, force: true }));
  }
});
