import type { UnreadableReply } from "#lib/schemas/trips/v1/api.ts";
import type { Settings, Share } from "#lib/schemas/trips/v1/sharing.ts";
import type { Trip } from "#lib/schemas/trips/v1/trip.ts";
import type { Table, TableBase } from "./table.ts";

/** Everything but the points that the fold keeps. */
export interface Rest {
  readonly tombstones: ReadonlyMap<string, number>;
  readonly trips: ReadonlyMap<string, { readonly seq: number; readonly trip: Trip }>;
  readonly shares: ReadonlyMap<string, { readonly seq: number; readonly share: Share }>;
  readonly settings: { readonly seq: number; readonly settings: Settings } | null;
}

/** What a snapshot gives to a store. The rows lie in order; `sum` is that of points and tombstones. */
export interface StoreBase extends Rest {
  readonly seq: number;
  readonly sum: bigint;
  readonly table: TableBase;
  readonly unreadable: UnreadableReply;
}

/** A state of the fold at one sequence, for somebody who takes his time to read it. */
export interface Held extends Rest {
  readonly seq: number;
  readonly sum: bigint;
  readonly rows: Int32Array;
  readonly table: Table;
  text(row: number): string;
  readonly unreadable: UnreadableReply;
}
