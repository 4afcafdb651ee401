import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { after } from "node:test";
import { bench } from "../testing.ts";

const files = {
  "index.html": "<h1>one</h1>",
  "404.html": "gone",
  "data.bin": "0123456789",
  _headers: "/*\n  X-A: 1\n",
};
const marks = `export default {
  async fetch(request, env) {
    const answer = await env.ASSETS.fetch(request);
    return new Response(env.GREETING + " " + (await answer.text()), answer);
  },
};
`;

test("a script that was built elsewhere is uploaded as it is, runs, and reads its assets and variables", async () => {
  const site = await bench("worker", marks, { run_worker_first: true });
  assert.equal((await site.build(files)).status, 0);
  const done = await site.deploy(["--var", "GREETING:hello"]);
  assert.equal(done.status, 0, done.said);
  const page = await site.get("trips.workers", "/");
  assert.equal(page.body, "hello <h1>one</h1>");
  assert.equal(page.headers["x-a"], "1");
});

test("a script of paths answers those, and assets the rest", async () => {
  const site = await bench("worker", marks, { run_worker_first: ["/data*", "!/data.bin"] });
  await site.build({ ...files, "data.txt": "text" });
  const done = await site.deploy(["--var", "GREETING:hello"]);
  assert.equal(done.status, 0, done.said);
  assert.equal((await site.get("trips.workers", "/data.txt")).body, "hello text");
  assert.equal((await site.get("trips.workers", "/data.bin")).body, "0123456789");
  assert.deepEqual((await site.get("trips.workers", "/")).body, "<h1>one</h1>");
  assert.equal((await site.get("trips.workers", "/nowhere")).body, "gone");
});

test("a script that comes after the assets has what they do not, but not a navigation", async () => {
  const site = await bench("worker", marks);
  await site.build(files);
  assert.equal((await site.deploy(["--var", "GREETING:hello"])).status, 0);
  assert.equal((await site.get("trips.workers", "/")).body, "<h1>one</h1>");
  const asked = await site.get("trips.workers", "/nowhere");
  assert.deepEqual([asked.status, asked.body], [404, "hello gone"]);
  assert.equal((await site.get("trips.workers", "/nowhere", { "sec-fetch-mode": "navigate" })).body, "gone");
});

test("a script that does not start is refused, and the previous version serves", async () => {
  const site = await bench("worker", 'export default { fetch: () => new Response("ran") }; null.x;\n');
  await site.build(files);
  const done = await site.deploy();
  assert.equal(done.status, 1);
  assert.match(done.said, /TypeError: Cannot read properties of null/);
  assert.equal((await site.get("trips.workers", "/")).status, 404);
});

test("the script has what its origin answers, in either direction", async () => {
  const origin = createServer((request, response) => request.pipe(response));
  after(() => origin.close().closeAllConnections());
  await new Promise<void>((done) => origin.listen(0, "127.0.0.1", done));
  const { port } = origin.address() as { port: number };
  const script = `export default { fetch: (request, env) => fetch(env.ORIGIN, request) };\n`;
  const site = await bench("worker", script, { run_worker_first: ["/api/*"] });
  await site.build(files);
  const done = await site.deploy(["--var", `ORIGIN:http://127.0.0.1:${port}/`]);
  assert.equal(done.status, 0, done.said);
  const url = `http://127.0.0.1:${site.cloudflare.port}/api/a`;
  const { promise, resolve } = Promise.withResolvers<string>();
  const { request } = await import("node:http");
  const headers = { host: `trips.workers.localhost:${site.cloudflare.port}` };
  request(url, { method: "POST", headers }, (response) => {
    let body = "";
    response.on("data", (chunk: Buffer) => (body += chunk.toString())).on("end", () => resolve(body));
  }).end("there and back");
  assert.equal(await promise, "there and back");
});
