import { createHash, hash } from "node:crypto";

/**
 * What the state of the fold is told by: for each entry (a point, a tombstone, a trip, a share, the settings) the
 * SHA-256 of its kind and its canonical text, all of them added up modulo 2^256, and the SHA-256 of that sum.
 *
 * A sum does not depend on the order, and an entry is taken out of it by subtraction, so that it follows a live
 * stream at the cost of one hash an event (M. Bellare, D. Micciancio, "A New Paradigm for Collision-free Hashing:
 * Incrementality at Reduced Cost", 1997). An adversary who chooses entries freely can find two sets with equal sums
 * more cheaply than by 2^128 tries (D. Wagner, "A Generalized Birthday Problem", 2002). That is no matter here: the
 * digest tells drift and corruption among replicas and snapshots, where faults are not chosen, and whoever may choose
 * entries may write to the stream and needs no collision. XOR is not used: it lets equal entries cancel out.
 */
export function entryHash(kind: string, text: string): bigint {
  return BigInt(`0x${hash("sha256", `${kind}\n${text}`, "hex")}`);
}

/** JSON whose objects have their keys in alphabetical order: one text for one value. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Adds to a sum of {@link entryHash}es; with a negative term, takes away. */
export function addHash(sum: bigint, term: bigint): bigint {
  return BigInt.asUintN(256, sum + term);
}

/** The digest that a sum stands for, in hex. */
export function digestOf(sum: bigint): string {
  return createHash("sha256")
    .update(`trips digest 1\n${sum.toString(16)}`)
    .digest("hex");
}
