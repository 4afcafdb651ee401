import { expect, test } from "vitest";
import { isLook } from "../snapshot.ts";
import { callPath, laidOut, ownerText, timeOfDay } from "./words.ts";

const id = "0".repeat(31) + "5";

test("paths of calls are short: no account, no pages, only the end of identifiers", () => {
  expect(callPath(`/accounts/${id}/access/apps?page=1&per_page=100`)).toBe("/access/apps");
  expect(callPath(`/zones/${id}/dns_records/batch`)).toBe("/zones/…05/dns_records/batch");
  expect(callPath("/accounts/1/cfd_tunnel?name=homelab&is_deleted=false")).toBe("/cfd_tunnel?name=homelab");
});

test("bodies are laid out, and stay as they are where they are no JSON", () => {
  expect(laidOut(`{"id":"${id}"}`)).toBe('{\n  "id": "…05"\n}');
  expect(laidOut("<html>")).toBe("<html>");
});

test("a call that only looked is one that read and got its answer, or waits for it", () => {
  const call = { kind: "call", id: "1", atMs: 0, method: "GET", path: "/zones", body: null } as const;
  expect(isLook({ ...call, end: null })).toBe(true);
  expect(isLook({ ...call, end: { status: 200, ms: 1, answer: null } })).toBe(true);
  expect(isLook({ ...call, end: { status: 429, ms: 1, answer: null } })).toBe(false);
  expect(isLook({ ...call, method: "PUT", end: null })).toBe(false);
});

test("today has a time, another day a date", () => {
  const noon = new Date(2026, 4, 3, 12, 0, 5).getTime();
  expect(timeOfDay(noon, noon + 1000)).toBe("12:00:05");
  expect(timeOfDay(noon, noon + 86_400_000)).toBe("3 May");
});

test("whose an object is, in words", () => {
  expect(ownerText({ kind: "deployment", key: "web/shop" })).toBe("web/shop");
  expect(ownerText({ kind: "other" })).toBe("somebody else’s");
});
