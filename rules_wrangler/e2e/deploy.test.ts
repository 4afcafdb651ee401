/** Publishes both sites to the fake Cloudflare, as README.md says, and asks for what was published. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const root = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? "/tmp", "e2e-"));
const file = (name: string): string => resolve(process.env[name] ?? "");
const server = spawn(process.execPath, [file("CLOUDFLARE_MJS")], {
  env: { ...process.env, PORT: "0", STATE_DIR: root, CLOUDFLARE_API_TOKEN: "local" },
  stdio: ["ignore", "pipe", "inherit"],
});
after(() => server.kill());
const api = await new Promise<string>((done) => {
  let said = "";
  server.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const found = /CLOUDFLARE_API_BASE_URL=(\S+)/.exec(said)?.[1];
    if (found !== undefined) done(found);
  });
});
const env = {
  ...process.env,
  CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
  CLOUDFLARE_API_BASE_URL: api,
  CLOUDFLARE_API_TOKEN: "local",
  XDG_STATE_HOME: root,
};
const program = async (name: string, ...args: string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)(file(name), args, { env });
  return stdout + stderr;
};
const get = (
  host: string,
  path: string,
  more: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
  new Promise((done, fail) => {
    const { port } = new URL(api);
    request({ host: "127.0.0.1", port, path, headers: { ...more, host: `${host}.localhost:${port}` } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on("error", fail)
      .end();
  });

for (const [name, host, create] of [
  ["PAGES", "greeter.pages", ["--create"]],
  ["WORKER", "greeter.workers", []],
] as const) {
  test(`${host} is planned, published, planned again, and serves with its headers`, async () => {
    assert.match(await program(name, "--plan"), /3 added, 0 changed, 0 removed, 0 unchanged/);
    assert.match(await program(name, ...create), /published 3 files/);
    assert.match(await program(name, "--plan"), /0 added, 0 changed, 0 removed, 3 unchanged: 0 files to upload/);
    const page = await get(host, "/");
    assert.match(page.body, /<h1>Hello<\/h1>/);
    assert.match(String(page.headers["content-security-policy"]), /script-src 'self' 'sha256-/);
    const style = await get(host, "/assets/main-AB12CD34.css");
    assert.equal(style.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal((await get(host, "/nowhere")).status, 404);
  });
}

test("the Worker's script answers ranges, and says that it knows no service", async () => {
  const path = "/assets/main-AB12CD34.css";
  const whole = await get("greeter.workers", path);
  const part = await get("greeter.workers", path, { range: "bytes=2-5" });
  assert.deepEqual([part.status, part.body], [206, whole.body.slice(2, 6)]);
  assert.equal(part.headers["cache-control"], "public, max-age=31536000, immutable");
  const unset = await get("greeter.workers", "/api/points");
  assert.equal(unset.status, 503);
  assert.match(unset.body, /API_ORIGIN is not set/);
});
