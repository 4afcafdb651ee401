import { expect, test } from "vitest";
import { LeadershipLost } from "#lib/operator/fence.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "./budget.ts";
import { cloudflareClient } from "./client.ts";
import { CloudflareFailure, answered, mayBeCommitted } from "./errors.ts";
import type { Fetch, FetchRequest } from "./fetch.ts";
import type { ZoneId } from "./types.ts";

const TOKEN = "a-secret-token";

function setting(fetch: Fetch, more: { readonly check?: () => Promise<void> } = {}) {
  const clock = virtualClock();
  const heard: string[] = [];
  const budget = callBudget({ clock });
  const client = cloudflareClient({
    clock,
    budget,
    account: "acc",
    token: TOKEN,
    fetch,
    onCall: (call, outcome) => void heard.push(`${call} ${outcome}`),
    ...(more.check && { fence: { check: more.check } }),
  });
  return { clock, budget, client, heard };
}
const answering =
  (status: number, body: unknown, given: Readonly<Record<string, string>> = {}): Fetch =>
  async () => ({
    status,
    headers: { get: (name) => given[name] ?? null },
    text: async () => (typeof body === "string" ? body : JSON.stringify(body)),
  });
const failing = (status: number, code: number) =>
  answering(status, { success: false, errors: [{ code, message: "why" }], messages: [], result: null });

test.each([
  [failing(400, 81053), "RecordExists"],
  [failing(404, 81044), "RecordMissing"],
  [failing(409, 11010), "AppExists"],
  [failing(409, 1013), "TunnelExists"],
  [failing(400, 12130), "Invalid"],
  [failing(403, 10000), "Unauthorized"],
  [failing(401, 1), "Unauthorized"],
  [failing(403, 1), "Unauthorized"],
  [failing(400, 10000), "Unauthorized"],
  [failing(404, 7003), "NotFound"],
  [failing(400, 10300), "Throttled"],
  [failing(500, 10013), "ServerError"],
  [answering(429, "slow down", { "retry-after": "9" }), "Throttled"],
  [answering(502, "<title>502</title>"), "ServerError"],
  [answering(400, "nothing"), "Invalid"],
  [answering(404, "nothing"), "NotFound"],
  [answering(200, "<p>hello"), "ServerError"],
  [answering(200, { success: true, errors: [], result: [{ id: 7 }], result_info: { total_count: 1 } }), "ServerError"],
  [answering(200, { success: true, errors: [], result: null }), "ServerError"],
])("an answer has one kind of error (%#)", async (fetch, kind) => {
  const { client, heard } = setting(fetch);
  const answer = await client.tags.list();
  expect(answer).toMatchObject({ ok: false, error: { kind } });
  expect(heard).toHaveLength(1);
});

test("a write that had no answer, or a broken one, may be committed; one that was refused is not", async () => {
  const errorOf = async (fetch: Fetch) => {
    const answer = await setting(fetch).client.tags.create("t");
    return answer.ok ? undefined : answer.error;
  };
  const lost = (await errorOf(failing(500, 1)))!;
  const throttled = (await errorOf(failing(429, 971)))!;
  const invalid = (await errorOf(failing(400, 12130)))!;
  expect([lost, throttled, invalid].map(mayBeCommitted)).toEqual([true, false, false]);
  const broken = await errorOf(async () => {
    throw new Error("reset");
  });
  expect(broken).toMatchObject({
    kind: "Unreachable",
    message: "tags.create got no answer: reset",
    cause: new Error("reset"),
  });
});

test("no answer in time is a timeout, and ends the request", async () => {
  let request: FetchRequest | undefined;
  const { client, clock } = setting(async (_, given) => {
    request = given;
    return await new Promise((_, reject) =>
      given.signal.addEventListener("abort", () => reject(given.signal.reason), { once: true }),
    );
  });
  const startMs = clock.nowMs();
  const answer = await clock.resolve("a timeout", client.tags.create("t"));
  expect(answer).toMatchObject({ ok: false, error: { kind: "Timeout" } });
  expect(request?.signal.aborted).toBe(true);
  expect(clock.nowMs() - startMs).toBe(8_000);
});

test("the fence is asked before writes and not before reads, and what it throws comes through", async () => {
  let sent = 0;
  const { client } = setting(
    async (url, request) => {
      sent++;
      return await answering(200, { success: true, errors: [], result: [] })(url, request);
    },
    { check: async () => Promise.reject(new LeadershipLost("another leads")) },
  );
  await client.tags.list();
  await expect(client.tags.create("t")).rejects.toThrow(LeadershipLost);
  expect(sent).toBe(1);
});

test("the token stands in its header and in no error", async () => {
  let request: FetchRequest | undefined;
  let address = "";
  const { client } = setting(async (url, given) => {
    [address, request] = [url, given];
    return await failing(403, 10000)(url, given);
  });
  const answer = await client.records.batch("z" as ZoneId, { deletes: [] }).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(RangeError);
  const refused = await client.tags.create("t");
  expect(request?.headers["authorization"]).toBe(`Bearer ${TOKEN}`);
  expect(address + JSON.stringify(refused)).not.toContain(TOKEN);
  expect(() => answered("make a tag", refused)).toThrow(CloudflareFailure);
  expect(() => answered("make a tag", refused)).toThrow("make a tag: Unauthorized 10000: why");
});

test.each([
  ["status 429", answering(429, "slow down"), 300],
  ["code 971", failing(429, 971), 300],
  ["code 10300, whatever the status", failing(400, 10300), 300],
  ["a time to wait", answering(429, "slow down", { "retry-after": "9" }), 9],
])("after a refusal of too many calls (%s) nobody calls until that is over", async (_, fetch, seconds) => {
  const { client, budget, clock } = setting(fetch);
  expect(await client.tags.list()).toMatchObject({
    ok: false,
    error: { kind: "Throttled", retryAfterMs: seconds * 1000 },
  });
  expect(budget.available("urgent")).toBe(0);
  await clock.advance(seconds * 1000 - 1);
  expect(budget.available("urgent")).toBe(0);
  await clock.advance(1);
  expect(budget.available("urgent")).toBeGreaterThan(0);
});

test("a caller who gives up ends the wait for the budget, and the request", async () => {
  let ended = false;
  const { client, budget, clock } = setting(async (_, { signal }) => {
    return await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => ((ended = true), reject(signal.reason)), { once: true });
    });
  });
  const gaveUp = new AbortController();
  const under = client.tags.list({ signal: gaveUp.signal });
  await clock.advance(1_000);
  gaveUp.abort();
  expect(await under).toMatchObject({ ok: false, error: { kind: "Timeout" } });
  expect(ended).toBe(true);
  const left = budget.available("urgent");
  expect(await client.tags.create("t", { signal: gaveUp.signal })).toMatchObject({
    ok: false,
    error: { kind: "Timeout" },
  });
  expect(budget.available("urgent")).toBe(left);
});

test("a read may take 30 s, and its priority is kept to", async () => {
  const never = setting(async (_, { signal }) => {
    return await new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
    );
  });
  const startMs = never.clock.nowMs();
  await never.clock.resolve("a timeout", never.client.tags.list());
  expect(never.clock.nowMs() - startMs).toBe(30_000);
  const { client, budget } = setting(answering(200, { success: true, errors: [], result: [] }));
  while (budget.available("background") > 0) await budget.take("background");
  void client.tags.list({ priority: "background" });
  expect(budget.waiting).toBe(1);
});

test("of several errors the one that has a kind of its own counts", async () => {
  const errors = [
    { code: 1, message: "first" },
    { code: 81057, message: "there already" },
  ];
  const { client } = setting(answering(400, { success: false, errors, result: null }));
  expect(await client.tags.list()).toMatchObject({
    error: { kind: "RecordExists", code: 81057, message: "there already" },
  });
  const without = setting(answering(404, { success: false, errors: null, result: null }));
  expect(await without.client.tags.list()).toMatchObject({
    error: { kind: "NotFound", code: 0, message: "status 404 without a reason" },
  });
});

test("an answer with a status of failure is one, whatever its envelope says", async () => {
  const { client } = setting(answering(500, { success: true, errors: [], result: [] }));
  expect(await client.tags.list()).toMatchObject({ ok: false, error: { kind: "ServerError", status: 500 } });
});
