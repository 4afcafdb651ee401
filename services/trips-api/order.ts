import type { Table } from "./table.ts";

/** The rows of a table that are alive, by time and then by sequence. */
export interface Order {
  /** The rows now. The array that was given out never changes; while rows are only added at its end, a longer view of the same memory follows. */
  rows(): Int32Array;
  added(row: number): void;
  killed(row: number): void;
}

/** Room for an eighth more rows. */
const roomFor = (rows: number) => Math.max(1_024, Math.ceil(rows * 1.125));

/** Up to so many changes are made one by one; more are sorted together. */
const FEW = 8;

/** Keeps the order of a table whose first `sorted` rows are in order already. */
export function createOrder(table: Table, sorted: number): Order {
  let memory = new Int32Array(roomFor(sorted));
  for (let row = 0; row < sorted; row++) memory[row] = row;
  let length = sorted;
  let fresh: number[] = [];
  let gone: number[] = [];

  const compare = (a: number, b: number) => {
    const { time, seq } = table.columns;
    return time[a]! - time[b]! || seq[a]! - seq[b]!;
  };
  const placeOf = (row: number) => {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(memory[middle]!, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const renew = (capacity: number) => {
    const larger = new Int32Array(capacity);
    larger.set(memory.subarray(0, length));
    memory = larger;
  };
  const insert = (row: number) => {
    const at = placeOf(row);
    if (at < length || length === memory.length) renew(length === memory.length ? length * 2 : memory.length);
    memory.copyWithin(at + 1, at, length);
    memory[at] = row;
    length += 1;
  };
  const remove = (row: number) => {
    renew(memory.length);
    const at = placeOf(row);
    memory.copyWithin(at, at + 1, length);
    length -= 1;
  };
  /** What lies before the first change stays as it is; when nothing lies behind it, the array that was given out does too. */
  const merge = (added: number[]) => {
    added.sort(compare);
    const start = [...gone, ...added.slice(0, 1)].reduce((least, row) => Math.min(least, placeOf(row)), length);
    const tail = memory.slice(start, length);
    if (tail.length > 0 || length + added.length > memory.length) {
      const larger = new Int32Array(roomFor(length + added.length));
      larger.set(memory.subarray(0, start));
      memory = larger;
    }
    let [at, next] = [start, 0];
    for (const row of tail) {
      if (!table.alive(row)) continue;
      while (next < added.length && compare(added[next]!, row) < 0) memory[at++] = added[next++]!;
      memory[at++] = row;
    }
    while (next < added.length) memory[at++] = added[next++]!;
    length = at;
  };

  return {
    rows() {
      const added = fresh.filter(table.alive);
      if (added.length > FEW || gone.length > FEW) {
        merge(added);
      } else {
        for (const row of gone) remove(row);
        for (const row of added) insert(row);
      }
      if (fresh.length > 0) fresh = [];
      if (gone.length > 0) gone = [];
      return memory.subarray(0, length);
    },
    added: (row) => void fresh.push(row),
    killed: (row) => {
      if (fresh.length === 0 || row < fresh[0]!) gone.push(row);
    },
  };
}
