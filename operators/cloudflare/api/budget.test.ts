import * as fc from "fast-check";
import { expect, test } from "vitest";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { callBudget } from "./budget.ts";
import { readLimits } from "./limits.ts";
import type { Priority } from "./types.ts";

const WINDOW_MS = 300_000;
const headers = (given: Readonly<Record<string, string>>) => ({ get: (name: string) => given[name] ?? null });

test("no window holds more calls than the limit, wherever it begins", async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(waits, async (pauses) => {
      const clock = virtualClock();
      const budget = callBudget({ clock, limit: 5, reserve: { normal: 0, background: 0 } });
      const made: number[] = [];
      for (const pause of pauses) {
        await clock.advance(pause);
        await clock.resolve("a call", budget.take("normal"));
        made.push(clock.nowMs());
      }
      for (const from of made)
        expect(made.filter((at) => at >= from && at < from + WINDOW_MS).length).toBeLessThanOrEqual(5);
    }),
    { numRuns: 50 },
  );
});

test("the whole budget of a window can be spent at once", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock });
  for (let call = 0; call < 1200; call++) expect(await budget.take("urgent")).toBe(true);
  expect(clock.nowMs()).toBe(Date.UTC(2030, 0, 1));
  expect(budget.available("urgent")).toBe(0);
});

test("what is less urgent leaves a reserve, and waits behind what is more", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock, limit: 4, reserve: { normal: 1, background: 3 } });
  const order: string[] = [];
  const take = async (priority: Priority, name: string) => {
    if (await budget.take(priority)) order.push(name);
  };
  await take("background", "b1");
  await take("normal", "n1");
  await take("normal", "n2");
  for (const [priority, name] of [
    ["background", "b2"],
    ["normal", "n3"],
    ["normal", "n4"],
  ] as const)
    void take(priority, name);
  await take("urgent", "u1");
  expect(order).toEqual(["b1", "n1", "n2", "u1"]);
  expect(budget.waiting).toBe(3);
  await clock.advance(WINDOW_MS + 5_000);
  expect(order).toEqual(["b1", "n1", "n2", "u1", "n3", "n4"]);
  await clock.advance(WINDOW_MS + 5_000);
  expect(order.at(-1)).toBe("b2");
});

test("a signal ends the wait, and gives the place to the next", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock, limit: 1, reserve: { normal: 0, background: 0 } });
  await budget.take("normal");
  const gaveUp = new AbortController();
  const first = budget.take("normal", gaveUp.signal);
  const second = budget.take("normal");
  gaveUp.abort();
  expect(await first).toBe(false);
  expect(budget.waiting).toBe(1);
  expect(await clock.resolve("the second", second)).toBe(true);
  expect(await budget.take("urgent", gaveUp.signal)).toBe(false);
});

test("what others have spent with the same token counts, until the window that was told ends", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock, reserve: { normal: 0, background: 0 } });
  budget.heard(headers({ ratelimit: '"default";r=1;t=30' }), false);
  expect(await budget.take("normal")).toBe(true);
  const next = budget.take("normal");
  await clock.advance(29_000);
  expect(budget.waiting).toBe(1);
  expect(await clock.resolve("the next", next)).toBe(true);
  expect(clock.nowMs()).toBe(Date.UTC(2030, 0, 1) + 30_000);
});

test("after 429 nothing is called for as long as was told, or for five minutes", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock });
  budget.heard(headers({ "retry-after": "7" }), true);
  expect(budget.available("urgent")).toBe(0);
  await clock.advance(7_000);
  expect(budget.available("urgent")).toBe(1200);
  budget.heard(headers({}), true);
  await clock.advance(WINDOW_MS - 1);
  expect(budget.available("urgent")).toBe(0);
});

test("a smaller quota of the same window is kept to", () => {
  const clock = virtualClock();
  const budget = callBudget({ clock });
  budget.heard(headers({ "ratelimit-policy": '"burst";q=100;w=60, "default";q=900;w=300' }), false);
  expect(budget.available("urgent")).toBe(900);
});

test("limits are read from headers, and nonsense is as if it were not there", () => {
  const read = (ratelimit: string, retry: string) => readLimits(headers({ ratelimit, "retry-after": retry }));
  expect(read('"a";r=70;t=3, "b";r=50;t=30', "120")).toEqual({
    left: { calls: 50, resetMs: 30_000 },
    retryAfterMs: 120_000,
  });
  expect(read('"a";r=-1;t=x', "Wed, 21 Oct 2026 07:28:00 GMT")).toEqual({});
});

test("a wait of another length is not forgotten by a shorter one", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock });
  budget.heard(headers({ "retry-after": "60" }), true);
  budget.heard(headers({ "retry-after": "7" }), true);
  const waiting = budget.take("urgent");
  await clock.advance(59_999);
  expect(budget.waiting).toBe(1);
  expect(await clock.resolve("the call", waiting)).toBe(true);
});

test("a call that is made while answers are under way counts against what they tell", async () => {
  const clock = virtualClock();
  const budget = callBudget({ clock, reserve: { normal: 0, background: 0 } });
  budget.heard(headers({ ratelimit: '"default";r=3;t=30' }), false);
  await budget.take("normal");
  budget.heard(headers({ ratelimit: '"default";r=3;t=30' }), false);
  expect(budget.available("normal")).toBe(2);
  await clock.advance(20_000);
  budget.heard(headers({ ratelimit: '"default";r=900;t=300' }), false);
  expect(budget.available("normal")).toBe(900);
});

test("a quota that is larger, or of another window, changes nothing", () => {
  const budget = callBudget({ clock: virtualClock() });
  budget.heard(headers({ "ratelimit-policy": '"default";q=5000;w=300' }), false);
  budget.heard(headers({ "ratelimit-policy": '"default";q=100;w=60' }), false);
  expect(budget.available("urgent")).toBe(1200);
});

test("normal calls leave 50 to urgent ones, and calls in the background 200", async () => {
  const budget = callBudget({ clock: virtualClock() });
  expect([budget.available("urgent"), budget.available("normal"), budget.available("background")]).toEqual([
    1200, 1150, 1000,
  ]);
});
