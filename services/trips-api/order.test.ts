import { expect, test } from "vitest";
import { createOrder } from "./order.ts";
import { createTable } from "./table.ts";
import { photoOf } from "./testing/points.ts";

/** A table whose points are taken in the order of these numbers. */
function tableOf(numbers: readonly number[]) {
  const table = createTable();
  numbers.forEach((number, index) => table.append({ ...photoOf(number), id: `p${index}` }, index + 1));
  return table;
}

test("rows come by time however many come and go at once, and arrays given out never change", () => {
  let state = 7;
  const random = (below: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) % below;
  const table = tableOf([...Array(2_000).keys()]);
  const order = createOrder(table, table.size);
  const given: { rows: Int32Array; copy: number[] }[] = [];
  for (let round = 0; round < 200; round++) {
    const [late, adds, kills] = [random(2) === 0, random(30), random(3) === 0 ? random(30) : 0];
    for (let add = 0; add < adds; add++) {
      const number = late ? 3_000 + round * 100 + random(100) : random(3_000);
      order.added(table.append({ ...photoOf(number), id: `r${round}-${add}` }, table.size + 1));
    }
    for (let kill = 0; kill < kills; kill++) {
      const row = random(table.size);
      if (!table.alive(row)) continue;
      table.kill(row);
      order.killed(row);
    }
    const rows = order.rows();
    given.push({ rows, copy: [...rows] });
    const { time, seq } = table.columns;
    const alive = Array.from({ length: table.size }, (_, row) => row).filter(table.alive);
    expect([...rows]).toEqual(alive.sort((a, b) => time[a]! - time[b]! || seq[a]! - seq[b]!));
  }
  for (const { rows, copy } of given) expect([...rows]).toEqual(copy);
});

test("points that are taken after all others are put behind them without moving those", () => {
  const table = tableOf([...Array(10_000).keys()]);
  const order = createOrder(table, table.size);
  const before = order.rows();
  for (let number = 10_000; number < 10_100; number++) order.added(table.append(photoOf(number), number + 1));
  const after = order.rows();
  expect(after.length).toBe(10_100);
  expect(after.buffer).toBe(before.buffer);
});
