import { expect, test } from "vitest";
import { createGate, GateFull } from "./gate.ts";

const never = new AbortController().signal;
const task = () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { run: () => promise, finish: resolve };
};

test("as many tasks run as may, the others wait in order, and one too many is refused at once", async () => {
  const gate = createGate(1, 2);
  const [first, second, third] = [task(), task(), task()];
  const order: string[] = [];
  const all = [first, second, third].map((one) => gate.run(one.run, never).then((name) => order.push(name)));
  expect([gate.running, gate.waiting]).toEqual([1, 2]);
  await expect(gate.run(async () => "no", never)).rejects.toThrow(GateFull);
  third.finish("third");
  first.finish("first");
  await all[0];
  expect([gate.running, gate.waiting]).toEqual([1, 1]);
  second.finish("second");
  await Promise.all(all);
  expect(order).toEqual(["first", "second", "third"]);
  expect([gate.running, gate.waiting]).toEqual([0, 0]);
});

test("whoever leaves loses the place, and the next one gets it", async () => {
  const gate = createGate(1, 1);
  const [first, second] = [task(), task()];
  const running = gate.run(first.run, never);
  const leaving = new AbortController();
  const left = gate.run(second.run, leaving.signal);
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  expect(gate.waiting).toBe(0);
  const next = gate.run(async () => "next", never);
  first.finish("first");
  expect(await Promise.all([running, next])).toEqual(["first", "next"]);
});

test("a task that fails makes room", async () => {
  const gate = createGate(1, 0);
  await expect(gate.run(() => Promise.reject(new Error("broken")), never)).rejects.toThrow("broken");
  expect(await gate.run(async () => "fine", never)).toBe("fine");
});
