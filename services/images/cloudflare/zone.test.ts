import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheRule } from "./cache-rule.ts";
import { applyRule } from "./zone.ts";

const ZONE = "0123456789abcdef0123456789abcdef";
const PHASE = "phases/http_request_cache_settings/entrypoint";
const rule = cacheRule({ host: "trips.example.org", path: "/trips/images/" });
const other = { id: "other", ref: "mine", action: "set_cache_settings", expression: "true" };

/** A zone's cache rules as the API keeps them; it adds ids and versions of its own. */
let rules: Record<string, unknown>[] | null;
let calls: string[];
let server: Server;
let options: { api: string; zone: string; token: string };

beforeEach(async () => {
  rules = null;
  calls = [];
  server = createServer(async (asked, response) => {
    let text = "";
    for await (const chunk of asked) text += chunk;
    const path = asked.url?.split(`/zones/${ZONE}/rulesets/`)[1] ?? "";
    const answer = (status: number, result: unknown, errors: object[] = []) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: status < 400, result, errors }));
    };
    if (asked.headers.authorization !== "Bearer token")
      return answer(403, null, [{ code: 10000, message: "Authentication error" }]);
    calls.push(`${asked.method} ${path}`);
    const body = text === "" ? {} : JSON.parse(text);
    const kept = (one: object, id: string) => ({ ...one, id, version: "1", last_updated: "2026-05-01T12:00:00Z" });
    if (asked.method === "GET" && rules === null)
      return answer(404, null, [{ code: 10003, message: "could not find entrypoint" }]);
    if (asked.method === "PUT") rules = body.rules.map((one: object, index: number) => kept(one, `new${index}`));
    if (asked.method === "POST") rules = [...(rules ?? []), kept(body, "added")];
    if (asked.method === "PATCH")
      rules = (rules ?? []).map((one) => (path.endsWith(`/rules/${one["id"]}`) ? kept(body, String(one["id"])) : one));
    return answer(200, { id: "set", rules });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  options = { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, zone: ZONE, token: "token" };
});

afterEach(() => void server.close());

test("a zone without cache rules gets ours", async () => {
  expect(await applyRule(options, rule, false)).toBe("added");
  expect(rules).toMatchObject([rule]);
});

test("rules that are there stay as they are, and ours comes after them", async () => {
  rules = [other];
  expect(await applyRule(options, rule, false)).toBe("added");
  expect(rules).toMatchObject([other, rule]);
});

test("a rule that is right is left alone, and one that is not is changed", async () => {
  await applyRule(options, rule, false);
  calls = [];
  expect(await applyRule(options, rule, false)).toBe("unchanged");
  expect(calls).toEqual([`GET ${PHASE}`]);
  const elsewhere = cacheRule({ host: "photos.example.org", path: "/images/" });
  expect(await applyRule(options, elsewhere, false)).toBe("changed");
  expect(rules).toMatchObject([elsewhere]);
});

test("a dry run changes nothing", async () => {
  rules = [other];
  expect(await applyRule(options, rule, true)).toBe("added");
  expect(calls).toEqual([`GET ${PHASE}`]);
});

test("a refusal tells Cloudflare's reason, what to do, and never the token", async () => {
  const failed = applyRule({ ...options, token: "secret-token" }, rule, false);
  await expect(failed).rejects.toThrow(/403: Authentication error \(10000\).*Cache Rules: Edit/);
  await expect(failed).rejects.not.toThrow(/secret-token/);
});

test("the rule is for pictures alone, and keeps each format of its own", () => {
  expect(rule.expression).toBe(
    '(http.host eq "trips.example.org" and (starts_with(http.request.uri.path, "/trips/images/thumb/") or ' +
      'starts_with(http.request.uri.path, "/trips/images/display/")))',
  );
  expect(rule.action_parameters.vary).toEqual({
    default: { action: "bypass" },
    headers: { accept: { action: "normalize", media_types: ["image/avif", "image/webp", "image/jpeg"] } },
  });
});
