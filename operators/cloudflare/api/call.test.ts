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
  const client = cloudflareClient({
    clock,
    budget: callBudget({ clock }),
    account: "acc",
    token: TOKEN,
    fetch,
    onCall: (call, outcome) => void heard.push(`${call} ${outcome}`),
    ...(more.check && { fence: { check: more.check } }),
  });
  return { clock, client, heard };
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
  [failing(404, 7003), "NotFound"],
  [failing(400, 10300), "Throttled"],
  [failing(500, 10013), "ServerError"],
  [answering(429, "slow down", { "retry-after": "9" }), "Throttled"],
  [answering(502, "<title>502</title>"), "ServerError"],
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
  expect(broken).toMatchObject({ kind: "Unreachable", cause: new Error("reset") });
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
