import assert from "node:assert/strict";
import { test } from "node:test";
import { bench } from "../testing.ts";

const files = {
  "index.html": "<h1>one</h1>",
  "404.html": "gone",
  "about.html": "about",
  _redirects: "/old /about 301\n",
};

test("a Worker with assets is deployed, again without uploads, previewed and rolled back", async () => {
  const site = await bench("worker");
  await site.build(files);
  assert.match((await site.deploy(["--branch", "pr-7"])).said, /no Worker "trips" to preview/);
  const first = await site.deploy();
  assert.equal(first.status, 0, first.said);
  assert.equal((await site.get("trips.workers", "/")).body, "<h1>one</h1>");
  assert.equal((await site.get("trips.workers", "/about")).body, "about");
  assert.equal((await site.get("trips.workers", "/old")).headers["location"], "/about");
  assert.equal(site.cloudflare.cloud.uploads, 3);
  const same = await site.deploy();
  assert.equal(same.status, 0, same.said);
  assert.equal(site.cloudflare.cloud.uploads, 3);

  await site.build({ ...files, "index.html": "<h1>two</h1>" });
  const preview = await site.deploy(["--branch", "pr-7"]);
  assert.equal(preview.status, 0, preview.said);
  assert.equal(site.cloudflare.cloud.uploads, 4);
  assert.equal((await site.get("pr-7-trips.workers", "/")).body, "<h1>two</h1>");
  assert.equal((await site.get("trips.workers", "/")).body, "<h1>one</h1>");

  assert.equal((await site.deploy()).status, 0);
  assert.equal((await site.get("trips.workers", "/")).body, "<h1>two</h1>");
  const back = await site.rollback();
  assert.equal(back.status, 0, back.said);
  assert.equal((await site.get("trips.workers", "/")).body, "<h1>one</h1>");
  const [known] = (await site.rollback(["--list"])).printed.split("\n").filter((line) => line.startsWith("*"));
  const oldest = (await site.rollback(["--list"])).printed.trimEnd().split("\n").at(-2);
  assert.equal(known, oldest, "what was rolled back to stands where it was first deployed");
});
