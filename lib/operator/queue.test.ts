import fc from "fast-check";
import { expect, test } from "vitest";
import { LOW_PRIORITY, WorkQueue } from "./queue.ts";
import { rateLimiter } from "./rate.ts";
import { virtualClock } from "./virtual-clock.ts";

/** Takes all that can be taken now, finishing each. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const keys: string[] = [];
  let waiting = true;
  while (waiting) {
    waiting = false;
    const next = queue.next().then((taken) => {
      if (taken === undefined) return;
      keys.push(taken.key);
      queue.done(taken.key);
      waiting = true;
    });
    await Promise.race([next, new Promise((resolve) => setImmediate(resolve))]);
  }
  queue.close();
  return keys;
}

test("a key is in the queue once, and the first added comes first", async () => {
  const queue = new WorkQueue(virtualClock());
  for (const key of ["b", "a", "b", "c"]) queue.add(key);
  expect(queue.size).toBe(3);
  expect(await drain(queue)).toEqual(["b", "a", "c"]);
});

test("the higher priority comes first, and adding again takes the highest", async () => {
  const queue = new WorkQueue(virtualClock());
  queue.add("first", { priority: LOW_PRIORITY });
  queue.add("second", { priority: LOW_PRIORITY });
  queue.add("changed");
  queue.add("second", { priority: 7 });
  queue.add("changed", { priority: LOW_PRIORITY });
  expect(await drain(queue)).toEqual(["second", "changed", "first"]);
});

test("a key that is worked on is given to nobody else, and comes again when it was added meanwhile", async () => {
  const queue = new WorkQueue(virtualClock());
  queue.add("a");
  await queue.next();
  queue.add("a", { priority: 3 });
  queue.add("b");
  expect((await queue.next())?.key).toBe("b");
  let again: unknown;
  void queue.next().then((taken) => void (again = taken));
  await new Promise((resolve) => setImmediate(resolve));
  expect(again).toBeUndefined();
  queue.done("a");
  await new Promise((resolve) => setImmediate(resolve));
  expect(again).toEqual({ key: "a", priority: 3 });
});

test("a delay is kept, and the earliest counts", async () => {
  const clock = virtualClock();
  const queue = new WorkQueue(clock);
  const startMs = clock.nowMs();
  queue.add("a", { delayMs: 5000 });
  queue.add("b", { delayMs: 3000 });
  queue.add("a", { delayMs: 1000 });
  queue.add("a", { delayMs: 9000 });
  const at: [string, number][] = [];
  for (const _ of [1, 2]) {
    const taken = await clock.resolve("a key", queue.next());
    at.push([taken!.key, clock.nowMs() - startMs]);
  }
  expect(at).toEqual([
    ["a", 1000],
    ["b", 3000],
  ]);
});

test("a delayed key whose time comes while it is worked on waits for the end of the work", async () => {
  const clock = virtualClock();
  const queue = new WorkQueue(clock);
  queue.add("a");
  await queue.next();
  queue.add("a", { delayMs: 1000 });
  const next = queue.next();
  await clock.advance(2000);
  queue.add("b");
  expect((await next)?.key).toBe("b");
  queue.done("a");
  expect((await queue.next())?.key).toBe("a");
});

test("a closed queue gives nothing any more", async () => {
  const queue = new WorkQueue(virtualClock());
  const next = queue.next();
  queue.close();
  queue.add("a");
  expect([await next, await queue.next(), queue.size]).toEqual([undefined, undefined, 0]);
});

test("finishing what nobody works on is a bug", () => {
  expect(() => new WorkQueue(virtualClock()).done("a")).toThrow("a is not worked on");
});

test("waits of a key double from 5 ms to 1000 s, and start again when it is forgotten", () => {
  const limiter = rateLimiter(() => 0, { burst: 1000 });
  const waits = Array.from({ length: 20 }, () => limiter.delayMs("a"));
  expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(waits.slice(-3)).toEqual([655_360, 1_000_000, 1_000_000]);
  expect([limiter.delayMs("b"), limiter.failures("a"), limiter.failures("b")]).toEqual([5, 20, 1]);
  limiter.forget("a");
  expect(limiter.delayMs("a")).toBe(5);
});

test("beyond 100 at once, all keys together are tried 10 times a second", () => {
  let nowMs = 0;
  const limiter = rateLimiter(() => nowMs);
  const waits = Array.from({ length: 103 }, (_, index) => limiter.delayMs(`key ${index}`));
  expect(waits.slice(99).map(Math.round)).toEqual([5, 100, 200, 300]);
  nowMs = 60_000;
  expect(limiter.delayMs("later")).toBe(5);
});

const sum = (depths: ReadonlyMap<number, number>) => [...depths.values()].reduce((total, one) => total + one, 0);

test("a key that waits for its time is no depth; it becomes one, and is counted as added, when its time has come", async () => {
  const clock = virtualClock();
  let [added, delayed] = [0, 0];
  const queue = new WorkQueue(clock, { added: () => void added++, delayed: () => void delayed++ });
  queue.add("a", { delayMs: 1000 });
  queue.add("b", { priority: 3 });
  queue.add("c", { priority: LOW_PRIORITY });
  queue.add("c", { priority: LOW_PRIORITY });
  expect([[...queue.depths()], added, delayed]).toEqual([
    [
      [3, 1],
      [LOW_PRIORITY, 1],
    ],
    2,
    1,
  ]);
  await clock.advance(1000);
  expect([queue.depths().get(0), added]).toEqual([1, 3]);
  queue.add("d", { delayMs: 1000 });
  queue.add("d");
  expect([queue.depths().get(0), added]).toEqual([2, 4]);
  queue.close();
  expect(queue.depths().size).toBe(0);
});

test("keys are ordered by when they became ready, or rose to their priority", async () => {
  const clock = virtualClock();
  const queue = new WorkQueue(clock);
  queue.add("late", { delayMs: 1000 });
  queue.add("risen", { priority: LOW_PRIORITY });
  queue.add("first");
  queue.add("risen");
  await clock.advance(1000);
  expect(await drain(queue)).toEqual(["first", "risen", "late"]);
});

test("a clock that is set, back or forward, delays no key and hurries none", async () => {
  for (const setMs of [-3_600_000, 3_600_000]) {
    const clock = virtualClock();
    const queue = new WorkQueue(clock);
    queue.add("a", { delayMs: 5000 });
    let taken = false;
    void queue.next().then(() => void (taken = true));
    clock.set(setMs);
    queue.add("b", { delayMs: 60_000 });
    await clock.advance(4999);
    expect(taken).toBe(false);
    await clock.advance(1);
    expect(taken).toBe(true);
  }
});

const keys = ["a", "b", "c", "d"];
const operation = fc.oneof(
  fc.record({
    do: fc.constant("add" as const),
    key: fc.constantFrom(...keys),
    priority: fc.integer({ min: -2, max: 2 }),
    delayMs: fc.constantFrom(0, 0, 10, 20, 30),
  }),
  fc.record({ do: fc.constant("take" as const) }),
  fc.record({ do: fc.constant("done" as const), index: fc.nat(3) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 25 }) }),
);

interface Wanted {
  priority: number;
  readyMs: number;
  /** Of becoming ready, or of rising to the priority; of being added while it waits. */
  order: number;
  ready: boolean;
}

test("the queue is like its model: highest priority first, oldest first, never one key twice at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 80, size: "max" }), async (operations) => {
      const clock = virtualClock(0);
      const queue = new WorkQueue(clock);
      const wanted = new Map<string, Wanted>();
      const working: string[] = [];
      let order = 0;
      const ripen = () => {
        const due = [...wanted.values()].filter(({ ready, readyMs }) => !ready && readyMs <= clock.nowMs());
        for (const one of due.sort((a, b) => a.readyMs - b.readyMs || a.order - b.order))
          Object.assign(one, { ready: true, order: order++ });
      };
      /** What comes first of all that may be taken now. */
      const first = () =>
        [...wanted]
          .filter(([key, { ready }]) => ready && !working.includes(key))
          .sort(([, a], [, b]) => b.priority - a.priority || a.order - b.order)[0]?.[0];
      for (const one of operations) {
        if (one.do === "wait") await clock.advance(one.ms);
        else if (one.do === "done") {
          const [key] = working.splice(one.index, 1);
          if (key !== undefined) queue.done(key);
        } else if (one.do === "add") {
          queue.add(one.key, one);
          const before = wanted.get(one.key);
          const readyMs = clock.nowMs() + one.delayMs;
          const ready = one.delayMs === 0 || before?.ready === true;
          if (before === undefined) wanted.set(one.key, { priority: one.priority, readyMs, order: order++, ready });
          else if (one.priority > before.priority || readyMs < before.readyMs)
            wanted.set(one.key, {
              priority: Math.max(one.priority, before.priority),
              readyMs: Math.min(readyMs, before.readyMs),
              order: before.ready && one.priority <= before.priority ? before.order : order++,
              ready,
            });
        } else {
          const expected = first();
          if (expected === undefined) continue;
          const taken = await queue.next();
          expect([taken?.key, taken?.priority]).toEqual([expected, wanted.get(expected)!.priority]);
          wanted.delete(expected);
          working.push(expected);
        }
        ripen();
        expect(queue.size).toBe(wanted.size);
        expect(sum(queue.depths())).toBe([...wanted.values()].filter(({ ready }) => ready).length);
        expect([...queue.working().keys()].sort()).toEqual([...working].sort());
      }
    }),
    { numRuns: 500 },
  );
});
