import { setImmediate as turn } from "node:timers/promises";
import { addHash, canonical, entryHash } from "./digest.ts";
import type { Held, Rest } from "./state.ts";

const ROWS_A_TURN = 1_000;

/** Adds up what is small enough to be hashed whenever it is asked for: trips, shares and settings. */
export function sumOfRest({ trips, shares, settings }: Rest): bigint {
  let sum = 0n;
  const add = (kind: string, seq: number, value: object) => {
    sum = addHash(sum, entryHash(kind, `${seq}:${canonical(value)}`));
  };
  for (const { seq, trip } of trips.values()) add("trip", seq, trip);
  for (const { seq, share } of shares.values()) add("share", seq, share);
  if (settings) add("settings", settings.seq, settings.settings);
  return sum;
}

/**
 * Hashes a held state from the first entry on, in turns with other work.
 * @returns whether the sum that was kept on the way is the right one
 */
export async function recheck(held: Held): Promise<boolean> {
  let sum = 0n;
  for (let index = 0; index < held.rows.length; index++) {
    sum = addHash(sum, entryHash("point", held.text(held.rows[index]!)));
    if (index % ROWS_A_TURN === 0) await turn();
  }
  for (const [id, seq] of held.tombstones) sum = addHash(sum, entryHash("deletion", `${id}:${seq}`));
  return sum === held.sum;
}
