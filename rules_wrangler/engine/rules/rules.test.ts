import assert from "node:assert/strict";
import { test } from "node:test";
import { headersFor, parseHeaders } from "./headers.ts";
import { parseRedirects, redirectFor } from "./redirects.ts";

const headerFaults = (text: string): readonly string[] =>
  parseHeaders(text).faults.map(({ line, message }) => `${line}: ${message}`);
const redirectFaults = (text: string): readonly string[] =>
  parseRedirects(text).faults.map(({ line, message }) => `${line}: ${message}`);
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

test("a _headers file that Cloudflare takes as it is has no faults", () => {
  const text =
    "# all\n/*\n  X-A: 1\n\n/a/:id\n  X-B: :id\n  ! X-A\n\nhttps://trips.pages.dev/*\n  X-Robots-Tag: noindex\n";
  assert.deepEqual(headerFaults(text), []);
  const headers = headersFor(parseHeaders(text).rules, new URL("http://localhost/a/7"));
  assert.deepEqual(
    [...headers],
    [
      ["x-a", undefined],
      ["x-b", "7"],
    ],
  );
});

test("values of two rules for one path are joined", () => {
  const { rules } = parseHeaders("/*\n  X-A: 1\n/b\n  X-A: 2\n");
  assert.equal(headersFor(rules, new URL("http://localhost/b")).get("x-a"), "1, 2");
});

test("what Cloudflare would skip in _headers is said with its line", () => {
  assert.deepEqual(headerFaults("X-A: 1\n"), [
    '1: expected a path that begins with / before the first header, found "X-A: 1"',
  ]);
  assert.deepEqual(headerFaults("/a\n/b\n  X-A: 1\n"), ["1: /a has no headers; write some below it, or delete it"]);
  assert.deepEqual(headerFaults("/a\n  X A: 1\n  X-B: 1"), ['2: "X A" is no name of a header']);
  assert.deepEqual(headerFaults("/a\n  nothing\n  X-B: 1"), [
    '2: expected "Name: value", "! Name" or a path, found "nothing"',
  ]);
  assert.deepEqual(headerFaults("/a\n  X-B:\n  X-C: 1"), [
    '2: X-B has no value; write one, or "! X-B" to remove the header',
  ]);
  assert.match(headerFaults("/*/*\n  X-B: 1")[0]!, /1: .* expected at most one \*/);
  assert.match(headerFaults("https://x.dev:80/\n  X-B: 1")[0]!, /a host without a port/);
  assert.match(headerFaults("/a\n  X-B: 1\n/a\n  X-C: 1")[0]!, /3: \/a stands on line 1 already/);
});

test("100 paths are taken, the 101st is said; lines have 2,000 characters", () => {
  assert.deepEqual(headerFaults(lines(100, (index) => `/${index}\n  X-A: 1`)), []);
  assert.deepEqual(headerFaults(lines(101, (index) => `/${index}\n  X-A: 1`)), [
    "201: expected at most 100 paths, found 101; join some with * or :placeholder",
  ]);
  assert.match(headerFaults(`/a\n  X-A: ${"x".repeat(2000)}`)[0]!, /2: expected at most 2000 characters, found 2005/);
});

test("redirects are found by the first rule that matches, with what it matched", () => {
  const { rules, faults } = parseRedirects(
    "/old /new 301 # moved\n/blog/:year/* https://blog.example.org/:year/:splat\n/app/* /app.html 200\n",
  );
  assert.deepEqual(faults, []);
  assert.deepEqual(redirectFor(rules, "/old"), { to: "/new", status: 301 });
  assert.deepEqual(redirectFor(rules, "/blog/2026/a/b"), { to: "https://blog.example.org/2026/a/b", status: 302 });
  assert.deepEqual(redirectFor(rules, "/app/x"), { to: "/app.html", status: 200 });
  assert.equal(redirectFor(rules, "/older"), undefined);
});

test("what Cloudflare would skip in _redirects is said with its line", () => {
  assert.deepEqual(redirectFaults("/a\n"), ['1: expected "FROM TO [STATUS]", found 1 word']);
  assert.deepEqual(redirectFaults("/a /b 304"), ['1: expected the status 200, 301, 302, 303, 307 or 308, found "304"']);
  assert.deepEqual(redirectFaults("a /b"), ['1: expected a path that begins with / to redirect from, found "a"']);
  assert.deepEqual(redirectFaults("/a https://x.dev 200"), [
    "1: 200 serves a path of this site; https://x.dev is another",
  ]);
  assert.deepEqual(redirectFaults("/a /:id"), ["1: :id is not in /a"]);
  assert.match(redirectFaults("/* /index.html 200")[0]!, /^1: \/\* to \/index.html never ends/);
  assert.deepEqual(redirectFaults("/a /b\n/a /c"), ["2: /a is redirected by line 1 already, which wins"]);
});

test("2,000 static and 100 dynamic redirects are taken; from the first dynamic one on, all count as dynamic", () => {
  const fixed = lines(2000, (index) => `/${index} /x`);
  const dynamic = lines(100, (index) => `/d${index}/* /x`);
  assert.deepEqual(redirectFaults(`${fixed}\n${dynamic}`), []);
  assert.match(redirectFaults(`${fixed}\n/more /x`)[0]!, /^2001: expected at most 2000 redirects without/);
  assert.match(redirectFaults(`${dynamic}\n/more /x`)[0]!, /^101: expected at most 100 redirects from the first one/);
});
