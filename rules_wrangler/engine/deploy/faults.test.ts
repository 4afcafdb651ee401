import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import type { Fault } from "../cloudflare/faults.ts";
import { type Bench, bench, token } from "../testing.ts";

const files = { "index.html": "<h1>one</h1>", "404.html": "gone" };
const next = { ...files, "index.html": "<h1>two</h1>" };

/** A site that serves "one", with "two" built, and a cloud that fails in the ways given. */
async function broken(kind: "pages" | "worker", faults: readonly Fault[]): Promise<Bench> {
  const site = await bench(kind);
  await site.build(files);
  const first = await site.deploy(kind === "pages" ? ["--create"] : []);
  assert.equal(first.status, 0, first.said);
  await site.build(next);
  site.cloudflare.cloud.faults.set(faults);
  return site;
}

/** A site that was built and never deployed. */
async function built(): Promise<Bench> {
  const site = await bench("pages");
  await site.build(files);
  return site;
}

async function stillServesOne(site: Bench, host = "trips.pages"): Promise<void> {
  assert.equal((await site.get(host, "/")).body, "<h1>one</h1>");
}

test("without credentials nothing is asked, and all that is missing is said", async () => {
  const site = await built();
  const calls = site.cloudflare.calls.length;
  const done = await site.deploy([], { CLOUDFLARE_API_TOKEN: "", CLOUDFLARE_ACCOUNT_ID: "" });
  assert.equal(done.status, 1);
  assert.match(
    done.said,
    /nothing was uploaded, credentials are missing or wrong\n {2}CLOUDFLARE_API_TOKEN is not set.*\n {2}CLOUDFLARE_ACCOUNT_ID is not set/,
  );
  assert.equal(site.cloudflare.calls.length, calls);
});

test("a token that is wrong is refused before uploads, and shown nowhere", async () => {
  const site = await broken("pages", []);
  const done = await site.deploy([], { CLOUDFLARE_API_TOKEN: "wrong-token" });
  assert.equal(done.status, 1);
  assert.match(done.said, /nothing was uploaded, the API answered 403 \(code 10000\): Authentication error/);
  assert.doesNotMatch(done.said, /wrong-token/);
});

test("the token stands in no message of a deployment", async () => {
  const site = await broken("pages", []);
  const done = await site.deploy();
  assert.equal(done.status, 0);
  assert.doesNotMatch(done.said + done.printed, new RegExp(token));
});

test("another production branch than the project's is refused", async () => {
  const site = await broken("pages", []);
  const project = site.cloudflare.cloud.store.read<object>("projects", "trips");
  site.cloudflare.cloud.store.save("projects", "trips", { ...project, production_branch: "trunk" });
  assert.match(
    (await site.deploy()).said,
    /nothing was uploaded, the project's production branch is "trunk", the target's is "main"/,
  );
});

test("429 with Retry-After and a lost connection are waited out", async () => {
  const site = await broken("pages", [
    { call: "GET */pages/projects/trips", answer: 429, times: 1, retryAfter: 1 },
    { call: "POST /pages/assets/upload", answer: "cut", times: 1 },
  ]);
  const done = await site.deploy();
  assert.equal(done.status, 0, done.said);
  assert.equal((await site.get("trips.pages", "/")).body, "<h1>two</h1>");
});

test("an upload token that expires half-way is renewed", async () => {
  const site = await broken("pages", [{ call: "POST /pages/assets/upload", answer: 401, code: 8_000_013, times: 1 }]);
  const done = await site.deploy();
  assert.equal(done.status, 0, done.said);
  assert.ok(site.cloudflare.calls.filter((call) => call.endsWith("/upload-token 200")).length > 3);
});

test("a storm of 503 ends at the timeout, and the previous deployment serves", async () => {
  const site = await broken("pages", [{ call: "POST /pages/assets/upload", answer: 503 }]);
  const done = await site.deploy(["--timeout", "3"]);
  assert.equal(done.status, 1);
  assert.match(
    done.said,
    /was not published, wrangler was stopped after 3 s\n {2}The previous deployment, [0-9a-f-]{36}, still serves/,
  );
  await stillServesOne(site);
  site.cloudflare.cloud.faults.set([]);
  assert.equal((await site.deploy()).status, 0);
});

test("a deployment that is refused after the upload publishes nothing", async () => {
  const site = await broken("pages", [{ call: "POST */deployments", answer: 400, code: 8_000_096 }]);
  const done = await site.deploy();
  assert.equal(done.status, 1);
  assert.match(done.said, /was not published, wrangler ended with 1\n {2}The previous deployment/);
  await stillServesOne(site);
});

test("a Worker whose upload or script fails keeps its version", async () => {
  const site = await broken("worker", [{ call: "POST */workers/scripts/trips/versions", answer: 400, code: 10_021 }]);
  const done = await site.deploy();
  assert.equal(done.status, 1);
  assert.match(done.said, /was not published, wrangler ended with 1\n {2}The previous deployment/);
  await stillServesOne(site, "trips.workers");
});

test("an answer that is lost after the deployment is not called a failure to publish", async () => {
  const site = await broken("worker", [{ call: "GET */workers/workers/trips", answer: 400 }]);
  const done = await site.deploy();
  assert.equal(done.status, 1);
  assert.match(done.said, /wrangler ended with 1, but [0-9a-f-]{36} serves now/);
});

test("of two deployments at once, one is refused and says which process runs", async () => {
  const site = await broken("pages", [
    { call: "GET */upload-token", answer: 429, times: 1, delay: 500, retryAfter: 1 },
  ]);
  const both = await Promise.all([site.deploy(["--timeout", "20"]), site.deploy()]);
  const refused = both.filter(({ said }) => said.includes("another deployment of this site is running"));
  assert.equal(refused.length, 1, both.map(({ said }) => said).join("\n"));
  assert.match(refused[0]!.said, new RegExp(`Process ${process.pid} holds`));
});

test("an API that cannot be reached is said, with nothing uploaded", async () => {
  const site = await built();
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => done(free));
    });
  });
  const done = await site.deploy([], { CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4` });
  assert.equal(done.status, 1);
  assert.match(done.said, /nothing was uploaded, the API cannot be reached: .*ECONNREFUSED/);
});

test("an argument that is not known is refused with the usage", async () => {
  const site = await built();
  assert.match((await site.deploy(["--plann"])).said, /Unknown option '--plann'[\s\S]*bazel run TARGET/);
  assert.match((await site.deploy(["--branch", "--create"])).said, /--branch/);
  assert.match((await site.deploy(["--var", "a b"])).said, /--var: expected NAME:VALUE, received "a b"/);
  assert.match((await site.deploy(["--var", "A:b"])).said, /--var: expected a Worker with a script/);
});
