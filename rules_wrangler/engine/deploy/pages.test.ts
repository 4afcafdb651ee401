import assert from "node:assert/strict";
import { test } from "node:test";
import { account, bench, token } from "../testing.ts";

const files = {
  "index.html": "<h1>one</h1>",
  "404.html": "gone",
  "assets/main.js": "1",
  _headers: "/*\n  X-Site: trips\n",
};

test("a first deployment makes the project where that was asked for, and serves", async () => {
  const site = await bench("pages");
  await site.build(files);
  const refused = await site.deploy();
  assert.equal(refused.status, 1);
  assert.match(refused.said, /nothing was uploaded, the account has no Pages project "trips"[\s\S]*-- --create/);
  const done = await site.deploy(["--create"]);
  assert.equal(done.status, 0, done.said);
  assert.match(done.said, /published 3 files as [0-9a-f-]{36}/);
  const page = await site.get("trips.pages", "/");
  assert.equal(page.body, "<h1>one</h1>");
  assert.equal(page.headers["x-site"], "trips");
  assert.equal((await site.get("trips.pages", "/nothing")).status, 404);
});

test("the same again uploads nothing, one changed file uploads one, and the plan says both before", async () => {
  const site = await bench("pages");
  await site.build(files);
  assert.match(
    (await site.deploy(["--plan"])).printed,
    /deployed nothing yet[\s\S]*3 added, 0 changed, 0 removed, 0 unchanged: 3 files to upload/,
  );
  await site.deploy(["--create"]);
  assert.equal(site.cloudflare.cloud.uploads, 3);
  assert.match(
    (await site.deploy(["--plan"])).printed,
    /0 added, 0 changed, 0 removed, 3 unchanged: 0 files to upload/,
  );
  assert.equal((await site.deploy()).status, 0);
  assert.equal(site.cloudflare.cloud.uploads, 3);
  await site.build({ ...files, "assets/main.js": "2" });
  const calls = site.cloudflare.calls.length;
  assert.match(
    (await site.deploy(["--plan"])).printed,
    /~ \/assets\/main.js\n0 added, 1 changed, 0 removed, 2 unchanged: 1 file to upload, 1 B/,
  );
  assert.equal(site.cloudflare.calls.length, calls, "a plan asks nobody");
  await site.deploy();
  assert.equal(site.cloudflare.cloud.uploads, 4);
});

test("another branch is a preview, production stays as it is", async () => {
  const site = await bench("pages");
  await site.build(files);
  await site.deploy(["--create"]);
  await site.build({ ...files, "index.html": "<h1>two</h1>" });
  const done = await site.deploy(["--branch", "pr/7"]);
  assert.equal(done.status, 0, done.said);
  assert.equal((await site.get("pr-7.trips.pages", "/")).body, "<h1>two</h1>");
  assert.equal((await site.get("trips.pages", "/")).body, "<h1>one</h1>");
});

test("a rollback serves the deployment before, and the next plan knows it", async () => {
  const site = await bench("pages");
  await site.build(files);
  await site.deploy(["--create"]);
  assert.match((await site.rollback()).said, /nothing was changed, there is no earlier deployment/);
  await site.build({ ...files, "index.html": "<h1>two</h1>" });
  await site.deploy();
  assert.equal((await site.get("trips.pages", "/")).body, "<h1>two</h1>");
  assert.match((await site.rollback(["--list"])).printed, /^\* [0-9a-f-]{36} .*\n {2}[0-9a-f-]{36} .*\n$/);
  const back = await site.rollback();
  assert.equal(back.status, 0, back.said);
  assert.equal((await site.get("trips.pages", "/")).body, "<h1>one</h1>");
  assert.match((await site.deploy(["--plan"])).printed, /~ \/index.html\n/);
  assert.match((await site.rollback(["--to", "x"])).said, /there is no production deployment x/);
});

test("commit, message and branch are those that are said, and an agent's environment changes nothing", async () => {
  const site = await bench("pages");
  await site.build(files);
  const done = await site.deploy(["--create", "--commit-hash", "abc123", "--commit-message", "Mend the map"], {
    CLAUDECODE: "1",
    AI_AGENT: "x",
  });
  assert.equal(done.status, 0, done.said);
  const answer = await fetch(`${site.cloudflare.api}/accounts/${account}/pages/projects/trips/deployments`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { result } = (await answer.json()) as { result: { deployment_trigger: { metadata: object } }[] };
  assert.deepEqual(result[0]?.deployment_trigger.metadata, {
    branch: "main",
    commit_hash: "abc123",
    commit_message: "Mend the map",
    commit_dirty: false,
  });
  assert.ok(!site.cloudflare.calls.some((call) => call.includes("/workers/")), "nothing went to Workers");
});
