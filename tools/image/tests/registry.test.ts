import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobPath, platformImages, topDescriptor } from "../layout.ts";

const run = promisify(execFile);
const [layout, push, crane] = ["IMAGE", "PUSH", "CRANE_BIN"].map((name) => resolve(process.env[name]!)) as [
  string,
  string,
  string,
];
const scratch = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "registry-"));
const { digest } = topDescriptor(layout);
let registry: ReturnType<typeof spawn>;
let repository: string;
let env: NodeJS.ProcessEnv;

/**
 * The runfiles with the image as files: in Bazel's sandbox every file is a link, and crane refuses an image of links. `bazel run` has no
 * sandbox, and there an index consists of files.
 */
function runfilesWithoutLinks(): string {
  let [from, to] = [resolve(process.env["RUNFILES_DIR"]!), join(scratch, "runfiles")];
  for (const part of ["_main", ...process.env["IMAGE"]!.split("/")]) {
    mkdirSync(to);
    for (const sibling of readdirSync(from)) if (sibling !== part) symlinkSync(join(from, sibling), join(to, sibling));
    [from, to] = [join(from, part), join(to, part)];
  }
  cpSync(from, to, { recursive: true, dereference: true });
  return join(scratch, "runfiles");
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

beforeAll(async () => {
  env = { ...process.env, RUNFILES_DIR: runfilesWithoutLinks() };
  const address = `127.0.0.1:${await freePort()}`;
  repository = `${address}/homelab/probe`;
  registry = spawn(crane, ["registry", "serve", "--address", address], { stdio: "ignore" });
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`http://${address}/v2/`).then(
        (reply) => reply.ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`crane registry serve did not answer at ${address} within 10 s`);
});

afterAll(() => registry.kill());

test("a pushed image has the digest that the build says, under every tag", async () => {
  await run(push, ["--insecure", "-r", repository, "-t", "v1", "--tag=v2"], { env });
  for (const reference of [`${repository}@${digest}`, `${repository}:v1`, `${repository}:v2`]) {
    expect((await run(crane, ["digest", "--insecure", reference])).stdout.trim()).toBe(digest);
  }
});

test("what is pulled back is what was pushed, blob by blob", async () => {
  const folder = join(scratch, "pulled");
  await run(crane, ["pull", "--insecure", "--format=oci", `${repository}@${digest}`, folder]);
  expect(topDescriptor(folder).digest).toBe(digest);
  for (const image of platformImages(layout)) {
    for (const { digest: layer } of image.layers) {
      expect(existsSync(blobPath(folder, layer)), `${image.platform} ${layer}`).toBe(true);
      expect(readFileSync(blobPath(folder, layer)).equals(readFileSync(blobPath(layout, layer)))).toBe(true);
    }
  }
});

test("without a repository nothing is pushed, and the message says what to pass", async () => {
  await expect(run(push, [], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/pass .*-r/),
  });
});

test("a registry that does not answer ends with its address and a non-zero status", async () => {
  const gone = `127.0.0.1:${await freePort()}`;
  await expect(run(push, ["--insecure", "-r", `${gone}/homelab/probe`], { env })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(gone),
  });
});
