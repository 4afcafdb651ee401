import { expect, test } from "vitest";
import { deadline } from "./clock.ts";
import { virtualClock } from "./virtual-clock.ts";

test("timers fire by their instants, equal ones in the order of setting, each after all that the one before set off", async () => {
  const clock = virtualClock(0);
  const log: string[] = [];
  const chain = async (name: string) => {
    log.push(`${name} at ${clock.nowMs()}`);
    for (let step = 0; step < 5; step++) await null;
    log.push(`${name} has gone on`);
  };
  clock.setTimer(20, () => void chain("second"));
  clock.setTimer(10, () => void chain("first"));
  clock.setTimer(20, () => void chain("third"));
  await clock.advance(20);
  expect(log).toEqual([
    "first at 10",
    "first has gone on",
    "second at 20",
    "second has gone on",
    "third at 20",
    "third has gone on",
  ]);
});

test("a timer that is set by a timer counts, within what passes", async () => {
  const clock = virtualClock(0);
  let count = 0;
  const again = () => void (count++, clock.setTimer(10, again));
  clock.setTimer(10, again);
  await clock.advance(95);
  expect([count, clock.nowMs(), clock.waiting]).toEqual([9, 95, 1]);
});

test("a cancelled timer never fires, however many there were", async () => {
  const clock = virtualClock(0);
  let fired = 0;
  const timers = Array.from({ length: 500 }, (_, index) => clock.setTimer(index % 50, () => void fired++));
  for (const [index, timer] of timers.entries()) if (index % 5 !== 0) timer.cancel();
  expect(clock.waiting).toBe(100);
  await clock.advance(100);
  expect([fired, clock.waiting]).toEqual([100, 0]);
});

test("a sleep ends with its time or with its signal", async () => {
  const clock = virtualClock(0);
  const ending = new AbortController();
  const all = Promise.all([clock.sleep(10), clock.sleep(1000, ending.signal), clock.sleep(5, AbortSignal.abort())]);
  await clock.advance(10);
  ending.abort();
  expect(await all).toEqual([true, false, false]);
  expect(clock.waiting).toBe(0);
});

test("waiting in vain is an error that tells what for", async () => {
  const clock = virtualClock(0);
  await expect(clock.until("pigs fly", () => false)).rejects.toThrow("Nothing waits for the clock any more");
  const again = () => void clock.setTimer(1000, again);
  again();
  await expect(clock.until("pigs fly", () => false, 60_000)).rejects.toThrow("60000 ms passed in vain until pigs fly");
});

test("a deadline passes by the clock, ends with any signal, and holds nothing once it is released", async () => {
  const clock = virtualClock(0);
  const cause = new AbortController();
  const [passing, ending, released] = [
    deadline(clock, 10, cause.signal),
    deadline(clock, 1000, cause.signal),
    deadline(clock, 1000, cause.signal),
  ];
  released.release();
  await clock.advance(10);
  expect([passing.signal.aborted, passing.passed(), ending.signal.aborted]).toEqual([true, true, false]);
  cause.abort(new Error("stop"));
  expect([ending.signal.aborted, ending.passed(), released.signal.aborted]).toEqual([true, false, false]);
  ending.release();
  expect(clock.waiting).toBe(0);
});
