import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "#lib/operator/clock.ts";
import { type ServedCloudflare, serveCloudflare } from "./http.ts";
import { keepWorld, keptWorld } from "./kept.ts";
import { fakeCloudflare } from "./server.ts";
import { ACCOUNT, TOKEN } from "./types.ts";
import { listsOf } from "./world.ts";

let served: ServedCloudflare | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});
const start = async () => {
  const fake = fakeCloudflare({ clock: systemClock() });
  served = await serveCloudflare(fake);
  const origin = new URL(served.baseUrl).origin;
  const ask = (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${origin}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { fake, ask };
};
const authorization = `Bearer ${TOKEN}`;

/** What a stream tells until `count` messages have come: the names of the events with their data. */
async function told(answer: Response, count: number): Promise<[string, Record<string, unknown>][]> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.split("\n\n").length <= count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  const messages = text.split("\n\n").filter((message) => message !== "");
  return messages.map((message) => {
    const [, event = "", data = "null"] = /^event: (\w+)\ndata: (.*)$/s.exec(message) ?? [];
    return [event, JSON.parse(data)];
  });
}

test("the stream tells the last calls, what is there, and each call with its answer as it happens", async () => {
  const { fake, ask } = await start();
  await ask("GET", "/client/v4/zones?page=1", undefined, { authorization });
  const stream = await ask("GET", "/_fake/stream");
  const messages = told(stream, 6);
  await ask("POST", "/client/v4/zones", { name: "example.org" }, { authorization });
  await ask("POST", "/client/v4/zones", { name: "example.org" });
  const [earlier, world, began, changed, ended, refused] = await messages;
  expect(earlier).toEqual([
    "call",
    expect.objectContaining({ id: 0, method: "GET", path: "/zones?page=1", end: expect.anything() }),
  ]);
  expect(world?.[1]["zones"]).toEqual([]);
  expect(began).toEqual(["call", expect.objectContaining({ id: 1, body: '{"name":"example.org"}' })]);
  expect(began?.[1]["end"]).toBeUndefined();
  expect(changed).toEqual(["world", listsOf(fake.world)]);
  expect(ended?.[1]["end"]).toMatchObject({ status: 200, answer: expect.stringContaining('"success":true') });
  expect(ended?.[1]["end"]).toHaveProperty("limit", '"default";r=1198;t=300');
  expect(refused?.[1]).toMatchObject({ id: 2, method: "POST" });
});

test("a call whose caller gives up ends without an answer", async () => {
  const { ask } = await start();
  await ask("PUT", "/_fake/faults", [{ call: "*", fault: "timeout" }]);
  const messages = told(await ask("GET", "/_fake/stream"), 3);
  const gaveUp = fetch(`${new URL(served!.baseUrl).origin}/client/v4/zones`, {
    headers: { authorization },
    signal: AbortSignal.timeout(100),
  });
  await expect(gaveUp).rejects.toThrow();
  expect((await messages).at(-1)?.[1]["end"]).toMatchObject({ status: null });
});

test("lists are as late as it is told", async () => {
  const { fake, ask } = await start();
  const zones = async () => {
    const answer = await ask("GET", "/client/v4/zones", undefined, { authorization });
    return ((await answer.json()) as { result: { name: string }[] }).result.map(({ name }) => name);
  };
  await ask("PUT", "/_fake/lag", { ms: 30_000 });
  fake.user.zone("example.org");
  expect(await zones()).toEqual([]);
  await ask("PUT", "/_fake/lag", { ms: 0 });
  expect(await zones()).toEqual(["example.org"]);
  expect((await ask("PUT", "/_fake/lag", { ms: 30_001 })).status).toBe(400);
});

test("what is done by hand is refused as the API would, and pages of browsers do nothing", async () => {
  const { fake, ask } = await start();
  const zone = { method: "POST", path: "/zones", body: { name: "example.org" } };
  expect((await ask("POST", "/_fake/user", zone)).status).toBe(200);
  expect(await (await ask("POST", "/_fake/user", zone)).json()).toMatchObject({ errors: [{ code: 1061 }] });
  expect((await ask("POST", "/_fake/user", { method: "BREW", path: "/zones" })).status).toBe(400);
  expect((await ask("POST", "/_fake/user", zone, { origin: "http://example.org" })).status).toBe(403);
  expect((await ask("GET", "/_fake/stream", undefined, { origin: "http://example.org" })).status).toBe(403);
  expect(fake.world.zones.size).toBe(1);
  expect(fake.calls).toBe(0);
});

test("a folder keeps the world, identifiers included", () => {
  const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "world-"));
  const first = fakeCloudflare({ clock: systemClock(), world: keptWorld(folder) });
  keepWorld(folder, first);
  first.user.zone("example.org");
  first.user.policy("family");
  first.user.tunnel("homelab");
  first.user.call("POST", `/accounts/${ACCOUNT}/access/tags`, { name: "mine" });
  const app = { type: "self_hosted", name: "shop", domain: "shop.example.org", tags: ["mine"] };
  first.user.call("POST", `/accounts/${ACCOUNT}/access/apps`, app);
  const second = fakeCloudflare({ clock: systemClock(), world: keptWorld(folder) });
  expect(second.world).toEqual(first.world);
  expect(first.world.zones.has(second.user.zone("example.net"))).toBe(false);
  for (const other of ["{", JSON.stringify({ ...listsOf(first.world), zones: [{ id: "1" }] })]) {
    writeFileSync(join(folder, "world.json"), other);
    expect(() => keptWorld(folder)).toThrow(/holds no world.*Delete it/);
  }
  rmSync(folder, { recursive: true });
});
