import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import type { WatchEvent } from "./api.ts";
import { valueOf } from "./errors.ts";
import { answering, errorOf, failing, object, one } from "./http-world.ts";
import type { KubeObject } from "./object.ts";

test.each([
  [429, { "retry-after": "7" }, { kind: "TooManyRequests", retryAfterMs: 7000 }],
  [503, { "retry-after": "2" }, { kind: "ServerError", status: 503, retryAfterMs: 2000 }],
  [504, {}, { kind: "Timeout" }],
  [401, {}, { kind: "Unauthorized" }],
  [403, {}, { kind: "Forbidden" }],
  [410, {}, { kind: "Gone" }],
  [422, {}, { kind: "Invalid" }],
  [409, {}, { kind: "Conflict" }],
])("status %i is the error that it means, with the server's own words", async (status, headers, expected) => {
  const api = await answering(failing(status, { kind: "Status", message: "so it is" }, headers));
  expect(errorOf(await api.get(one))).toMatchObject({ ...expected, message: "so it is" });
});

test("an answer that is no Kubernetes answer is a failure of the server", async () => {
  for (const [status, body] of [
    [502, "<html>bad gateway</html>"],
    [200, "<html>log in here</html>"],
    [200, JSON.stringify({ metadata: { name: "one" } })],
    [200, "null"],
    [200, JSON.stringify({ metadata: null, items: [] })],
  ] as const) {
    const api = await answering(failing(status, body));
    for (const call of [() => api.get(one), () => api.list(), () => api.delete(one)])
      expect(errorOf(await call())).toMatchObject({ kind: "ServerError", status });
  }
});

test("an item of a list that is no object is passed over and counted", async () => {
  const list = { metadata: { resourceVersion: "9" }, items: [object, { metadata: { name: 5 } }, null] };
  const api = await answering(failing(200, list));
  const page = valueOf("list", await api.list());
  expect([page.items.length, page.malformed, page.items[0]?.kind]).toEqual([1, 2, "ConfigMap"]);
});

test("a server that does not answer in time is given up, and one that is not there is unreachable", async () => {
  const silent = await answering(() => {}, { token: "t" }, { timeoutMs: 100 });
  const { signal } = new AbortController();
  for (const options of [{}, { signal }])
    expect(errorOf(await silent.get(one, options))).toMatchObject({ kind: "Timeout" });
  const gone = await answering(() => {});
  await gone.leave();
  expect(errorOf(await gone.get(one))).toMatchObject({ kind: "Unreachable" });
});

test("an answer that breaks off is unreachable, not half an object", async () => {
  const api = await answering((_request, response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"metadata":');
    setTimeout(() => response.destroy(), 10);
  });
  expect(errorOf(await api.get(one))).toMatchObject({ kind: "Unreachable" });
});

async function eventsOf(listener: RequestListener): Promise<{ events: WatchEvent<KubeObject>[]; end: unknown }> {
  const api = await answering(listener);
  const watch = valueOf("watch", await api.watch({ resourceVersion: "1", timeoutMs: 1000 }));
  const events: WatchEvent<KubeObject>[] = [];
  for (;;) {
    const next = await watch.next();
    if (next.done) return { events, end: errorOf(next.value) };
    events.push(next.value);
  }
}

test("a watch reads events whose lines come in pieces, tells what is none, and breaks as its connection does", async () => {
  const lines = [
    JSON.stringify({ type: "ADDED", object }),
    "{ no json",
    JSON.stringify({ type: "ADDED", object: { metadata: {} } }),
    JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: "12" } } }),
    JSON.stringify({ type: "DELETED", object }),
  ];
  const text = Buffer.from(`${lines.join("\n").replace('"u"', `"${"ü".repeat(100)}"`)}\n`);
  const { events, end } = await eventsOf((_request, response) => {
    response.writeHead(200);
    let at = 0;
    const timer = setInterval(() => {
      response.write(text.subarray(at, at + 37));
      at += 37;
      if (at < text.length) return;
      clearInterval(timer);
      setTimeout(() => response.destroy(), 10);
    }, 1);
  });
  expect(events.map(({ type }) => type)).toEqual(["ADDED", "MALFORMED", "MALFORMED", "BOOKMARK", "DELETED"]);
  expect(events[0]).toMatchObject({ object: { metadata: { uid: "ü".repeat(100) } } });
  expect(events[3]).toEqual({ type: "BOOKMARK", resourceVersion: "12" });
  expect(end).toMatchObject({ kind: "Unreachable" });
});

test("an error that a watch tells is its end", async () => {
  const status = { kind: "Status", code: 410, message: "too old resource version: 1 (9)" };
  const { events, end } = await eventsOf(failing(200, `${JSON.stringify({ type: "ERROR", object: status })}\n`));
  expect([events, end]).toEqual([[], { kind: "Gone", message: status.message }]);
});

test("a watch that is not answered in time is given up, however long it would have lasted", async () => {
  const silent = await answering(() => {}, { token: "t" }, { timeoutMs: 100 });
  const outcome = await silent.watch({ resourceVersion: "1", timeoutMs: 600_000 });
  expect(errorOf(outcome)).toMatchObject({ kind: "Timeout" });
});

test("a watch whose server has fallen silent is given up, and goes on where it was", async () => {
  const api = await answering(
    (_request, response) => {
      response.writeHead(200).write(`${JSON.stringify({ type: "ADDED", object })}\n`);
    },
    { token: "t" },
    { idleMs: 100 },
  );
  const watch = valueOf("watch", await api.watch({ resourceVersion: "1", timeoutMs: 600_000 }));
  expect((await watch.next()).value).toMatchObject({ type: "ADDED" });
  const end = (await watch.next()).value;
  expect(end).toMatchObject({ ok: false, error: { kind: "Timeout", message: "The server was silent for 0.1 s." } });
});

test("objects of 10 MB are read, in lists, in watches and alone, and a line without end is not", async () => {
  const large = { ...object, data: { text: "ü".repeat(5_000_000) } };
  const lines = `${JSON.stringify({ type: "ADDED", object: large })}\n${JSON.stringify({ type: "DELETED", object })}\n`;
  const { events, end } = await eventsOf(failing(200, lines));
  expect([events.map(({ type }) => type), end]).toEqual([["ADDED", "DELETED"], "ok"]);
  expect(events[0]).toMatchObject({ object: { data: { text: large.data.text } } });
  const api = await answering((request, response) => {
    const list = { metadata: { resourceVersion: "9" }, items: [large] };
    response.end(JSON.stringify(request.url?.includes("/one") ? large : list));
  });
  expect(valueOf("get", await api.get(one))).toEqual(large);
  expect(valueOf("list", await api.list()).items).toMatchObject([large]);
  const endless = await eventsOf(failing(200, "x".repeat(17_000_000)));
  expect(endless.end).toMatchObject({ kind: "Unreachable", message: expect.stringContaining("longer than") });
});
