import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { matchesPath, parseOrigin, passOn } from "./origin.ts";
import { cutRange, parseRange, wholeRequest } from "./range.ts";
import { answer } from "./site.ts";

const file = "0123456789";
const etag = '"abc"';

/** A file in chunks of three bytes, with or without a length said. */
function asset(length = true): Response {
  const chunks = file.match(/.{1,3}/g)!.map((text) => new TextEncoder().encode(text));
  const headers = { etag, "content-type": "text/plain", ...(length ? { "content-length": "10" } : {}) };
  return new Response(ReadableStream.from(chunks) as ReadableStream<Uint8Array>, { headers });
}

async function cut(headers: Record<string, string>, whole = asset(), method = "GET") {
  const cutting = await cutRange(new Request("https://site.example/a", { method, headers }), whole);
  return { status: cutting.status, headers: Object.fromEntries(cutting.headers), body: await cutting.text() };
}

test("ranges are read as RFC 9110 says", () => {
  assert.deepEqual(parseRange("bytes=0-0", 10), { start: 0, length: 1 });
  assert.deepEqual(parseRange("bytes=4-", 10), { start: 4, length: 6 });
  assert.deepEqual(parseRange("bytes=4-99", 10), { start: 4, length: 6 });
  assert.deepEqual(parseRange("bytes=-3", 10), { start: 7, length: 3 });
  assert.deepEqual(parseRange("bytes=-99", 10), { start: 0, length: 10 });
  for (const none of ["bytes=10-", "bytes=10-12", "bytes=-0"]) assert.equal(parseRange(none, 10), "unsatisfiable");
  for (const ignored of ["bytes=5-4", "bytes=-", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", ""])
    assert.equal(parseRange(ignored, 10), "whole");
  assert.equal(parseRange("bytes=0-", 0), "unsatisfiable");
});

test("a part is answered with 206, the file's own headers and its length", async () => {
  for (const whole of [asset(), asset(false)]) {
    const part = await cut({ range: "bytes=2-7" }, whole);
    assert.equal(part.status, 206);
    assert.equal(part.body, "234567");
    assert.equal(part.headers["content-range"], "bytes 2-7/10");
    assert.equal(part.headers["content-length"], "6");
    assert.equal(part.headers["etag"], etag);
    assert.equal(part.headers["content-type"], "text/plain");
  }
});

test("a range behind the end is answered with 416 and the size", async () => {
  const none = await cut({ range: "bytes=10-" });
  assert.deepEqual([none.status, none.body, none.headers["content-range"]], [416, "", "bytes */10"]);
  assert.equal(none.headers["cache-control"], "no-store");
});

test("If-Range answers the part only of the same file", async () => {
  const range = "bytes=0-1";
  assert.equal((await cut({ range, "if-range": etag })).status, 206);
  for (const other of ['"other"', `W/${etag}`, "Sat, 21 Nov 2026 00:00:00 GMT"]) {
    assert.equal((await cut({ range, "if-range": other })).body, file);
  }
});

test("without a range, for HEAD, and for other answers than a whole file nothing is cut", async () => {
  const whole = await cut({});
  assert.deepEqual([whole.status, whole.body, whole.headers["accept-ranges"]], [200, file, "bytes"]);
  assert.equal(
    (await cut({ range: "bytes=0-1" }, new Response(null, asset()), "HEAD")).headers["content-length"],
    "10",
  );
  assert.equal((await cut({ range: "bytes=0-1" }, new Response("gone", { status: 404 }))).body, "gone");
  const packed = new Response(file, { headers: { "content-encoding": "gzip" } });
  assert.equal((await cut({ range: "bytes=0-1" }, packed)).status, 200);
});

test("assets are asked for as a whole, and conditions are handed on", () => {
  const headers = { range: "bytes=0-1", "if-range": etag, "if-none-match": etag };
  const asked = wholeRequest(new Request("https://site.example/a", { headers }));
  assert.deepEqual([asked.headers.get("range"), asked.headers.get("if-range")], [null, null]);
  assert.equal(asked.headers.get("if-none-match"), etag);
});

test("paths match as those of run_worker_first", () => {
  assert.ok(matchesPath("/api/a/b", ["/images/*", "/api/*"]));
  assert.ok(!matchesPath("/apiary", ["/api/*"]));
  assert.ok(!matchesPath("/x/api/a", ["/api/*"]));
  assert.ok(!matchesPath("/aXpmtiles", ["/a.pmtiles"]));
});

test("an origin that is missing, no address, or the site itself is said with 503", async () => {
  for (const [variable, expected] of [
    [undefined, /API_ORIGIN is not set/],
    ["", /API_ORIGIN is not set/],
    ["home", /is not an address/],
    ["ftp://home", /is not an address/],
    ["https://site.example/x", /names this site/],
  ] as const) {
    const refused = await passOn(new Request("https://site.example/api/a"), variable);
    assert.equal(refused.status, 503);
    assert.match(((await refused.json()) as { error: { message: string } }).error.message, expected);
    assert.equal(refused.headers.get("cache-control"), "no-store");
  }
  assert.ok(parseOrigin("https://home.example/trips", new URL("https://site.example/")) instanceof URL);
});

test("a request is handed on as it is, and no path leads to another host", async () => {
  const origin = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { method, url, headers } = request;
      response.writeHead(308, { location: "/elsewhere", "content-type": "application/json" });
      response.end(JSON.stringify({ method, url, body, forwarded: headers["x-forwarded-host"] }));
    });
  });
  await new Promise<void>((done) => origin.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${(origin.address() as { port: number }).port}/trips/`;
  const bindings = { ASSETS: { fetch: async () => asset() }, API_ORIGIN: base, API_PATHS: ["/api/*", "//*"] };
  const posted = new Request("https://site.example/api/a?b=1", { method: "POST", body: "hello", duplex: "half" });
  const handed = await answer(posted, bindings);
  assert.equal(handed.status, 308);
  const expected = { method: "POST", url: "/trips/api/a?b=1", body: "hello", forwarded: "site.example" };
  assert.deepEqual(await handed.json(), expected);
  const sly = (await (await answer(new Request("https://site.example//evil.example/api/a"), bindings)).json()) as {
    url: string;
  };
  assert.equal(sly.url, "/trips//evil.example/api/a");
  assert.equal(await (await answer(new Request("https://site.example/a"), bindings)).text(), file);
  await new Promise((done) => origin.close(done).closeAllConnections());
  const down = await answer(new Request("https://site.example/api/a"), bindings);
  assert.deepEqual([down.status, down.headers.get("retry-after")], [502, "2"]);
});
