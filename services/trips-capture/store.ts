import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { CardFile } from "./media.ts";
import { prepareDatabase } from "./schema.ts";
import { type Stage, STAGES, type State, STATES } from "./states.ts";

/** A photo in the queue. */
export interface Item extends CardFile {
  readonly id: number;
  readonly state: State;
  /** How often its present stage was begun, this time included. */
  readonly attempts: number;
  /** Instant of the last change of state, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** When it may be begun again. */
  readonly dueMs: number;
  /** Its last error, or why it was kept aside. */
  readonly reason: string | null;
  /** Length, hash (hex) and object key of its bytes, once they were taken over. */
  readonly size: number | null;
  readonly sha256: string | null;
  readonly key: string | null;
  readonly pointId: string | null;
  /** What will be published, as JSON; null when the photo cannot become a point. */
  readonly event: string | null;
  /** A sequence that the stream had reached, and the instant, before the first try to publish. */
  readonly afterSeq: number | null;
  readonly afterMs: number | null;
}

/** What a stage found out; absent properties stay as they are. */
export type Findings = Partial<
  Pick<Item, "size" | "sha256" | "key" | "pointId" | "event" | "afterSeq" | "afterMs" | "reason">
>;

/** Why a photo failed whose file left the card before it was taken over. It begins again when the file is back: cards are swapped. */
export const GONE = "no longer on the card";

/** The last word of a part of the service, kept for the commands that run beside it. */
export interface Report {
  readonly atMs: number;
  readonly value: unknown;
}

/**
 * The durable queue of photos. Every method is one transaction that is on disk when it returns; only that of `begin` may be undone by a
 * power cut, since a photo whose work was cut off begins again anyway.
 */
export interface Queue {
  /**
   * Adds the files that were never seen; returns how many. A file is known by folder, name, time and length.
   * @param listedAtMs when the list was asked for: what was deleted later than that does not come back by it
   */
  add(files: readonly CardFile[], listedAtMs?: number): number;
  /** Begins a stage with the oldest photo that is due; null when none is. Two photos of equal bytes are never under way at once. */
  begin(stage: Stage, nowMs: number): Item | null;
  /** Ends a stage. False when the photo was paused meanwhile: then nothing is changed. */
  finish(id: number, stage: Stage, findings?: Findings): boolean;
  /** Writes down what a stage has found so far. */
  note(id: number, findings: Findings): void;
  /** Back to where the stage took it, to be begun again at an instant. */
  retry(id: number, stage: Stage, reason: string, atMs: number): void;
  fail(id: number, reason: string, findings?: Findings): void;
  /** Back to the card: its bytes were lost on this side. */
  restart(id: number, reason: string): void;
  /** Whether another photo with the same bytes is published already. */
  publishedTwin(item: Item): boolean;
  counts(): Record<State, number>;
  /** When the next photo of a stage is due, or null. */
  nextDueMs(stage: Stage): number | null;
  get(id: number): Item | null;
  /** Photos of some states, the longest unchanged first. */
  list(states: readonly State[], limit: number): Item[];
  /** Photos that wait after an error, the longest unchanged first. */
  troubled(limit: number): Item[];
  /** Bytes that lie in the spool. */
  spooled(): Map<number, number>;
  control(name: string): string | null;
  setControl(name: string, value: string | null): void;
  reports(): Record<string, Report>;
  report(name: string, value: unknown): void;
  /** For the commands of the owner: see queue-commands.ts. */
  readonly db: DatabaseSync;
  close(): void;
}

/**
 * Opens the queue `queue.sqlite` in a folder, which is made when it is not there.
 * Several processes may have it open; only the one that works on it calls {@link takeOver} first.
 */
export function openQueue(folder: string, now: () => number = Date.now): Queue {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(path.join(folder, "queue.sqlite"));
  prepareDatabase(db);

  const insert = db.prepare(
    `INSERT INTO photos (folder, name, created_s, bytes, since_ms) SELECT ?1, ?2, ?3, ?4, ?5
     WHERE NOT EXISTS (SELECT 1 FROM photos WHERE folder = ?1 AND name = ?2 AND created_s = ?3 AND bytes = ?4
                       AND (state <> 'deleted' OR since_ms >= ?6))`,
  );
  const gone = db.prepare("SELECT 1 FROM photos WHERE state = 'failed' AND reason = ? LIMIT 1");
  const back = db.prepare(
    `UPDATE photos SET state = 'discovered', attempts = 0, due_ms = 0, since_ms = ?
     WHERE folder = ? AND name = ? AND created_s = ? AND bytes = ? AND state = 'failed' AND reason = ?`,
  );
  const begin = db.prepare(
    `UPDATE photos SET state = ?1, attempts = attempts + 1, since_ms = ?4 WHERE id = (
       SELECT id FROM photos AS photo WHERE state = ?2 AND due_ms <= ?3
         AND (sha256 IS NULL OR NOT EXISTS (SELECT 1 FROM photos AS twin WHERE twin.sha256 = photo.sha256
                AND twin.id <> photo.id AND twin.state IN ('storing', 'publishing')))
       ORDER BY created_s, id LIMIT 1
     ) RETURNING id`,
  );
  const move = db.prepare(
    `UPDATE photos SET state = ?1, attempts = 0, due_ms = 0, since_ms = ?2, reason = ?3, size = coalesce(?4, size),
       sha256 = coalesce(?5, sha256), image_key = coalesce(?6, image_key), point_id = coalesce(?7, point_id),
       event = coalesce(?8, event), after_seq = coalesce(?9, after_seq), after_ms = coalesce(?10, after_ms)
     WHERE id = ?11 AND state = ?12`,
  );
  const again = db.prepare(
    "UPDATE photos SET state = ?, reason = ?, due_ms = ?, since_ms = ? WHERE id = ? AND state = ?",
  );
  const one = db.prepare("SELECT * FROM items WHERE id = ?");
  const twin = db.prepare(
    "SELECT 1 FROM photos WHERE sha256 = ? AND id <> ? AND state IN ('published', 'deleting', 'deleted')",
  );
  const inStates = db.prepare(
    "SELECT * FROM items WHERE state IN (SELECT value FROM json_each(?)) ORDER BY sinceMs, id LIMIT ?",
  );
  const count = db.prepare("SELECT state, count(*) AS count FROM photos GROUP BY state");
  const due = db.prepare("SELECT min(due_ms) AS due FROM photos WHERE state = ?");
  const troubled = db.prepare(
    `SELECT * FROM items WHERE reason IS NOT NULL AND state IN ('discovered', 'downloaded', 'stored', 'published')
     ORDER BY sinceMs, id LIMIT ?`,
  );
  const spooled = db.prepare(
    `SELECT id, coalesce(size, 0) AS size FROM photos WHERE state NOT IN ('published', 'deleting', 'deleted')
     AND (state <> 'failed' OR image_key IS NULL)`,
  );

  const settle = (id: number, from: State, to: State, reason: string | null, found: Findings) =>
    move.run(
      to,
      now(),
      reason,
      found.size ?? null,
      found.sha256 ?? null,
      found.key ?? null,
      found.pointId ?? null,
      found.event ?? null,
      found.afterSeq ?? null,
      found.afterMs ?? null,
      id,
      from,
    ).changes > 0;
  const stateOf = (id: number) => (one.get(id) as unknown as Item | undefined)?.state ?? "deleted";

  return {
    db,
    add: (files, listedAtMs = now()) =>
      transaction(db, () => {
        let added = 0;
        const missed = gone.get(GONE) !== undefined;
        for (const file of files) {
          const { folder: directory, name, createdS, bytes } = file;
          if (missed) added += Number(back.run(now(), directory, name, createdS, bytes, GONE).changes);
          added += Number(insert.run(directory, name, createdS, bytes, now(), listedAtMs).changes);
        }
        return added;
      }),
    begin: (stage, nowMs) => {
      const { from, active } = STAGES[stage];
      db.exec("PRAGMA synchronous = NORMAL");
      try {
        const begun = begin.get(active, from, nowMs, now());
        return begun ? (one.get(begun["id"]!) as unknown as Item) : null;
      } finally {
        db.exec("PRAGMA synchronous = FULL");
      }
    },
    finish: (id, stage, found = {}) => settle(id, STAGES[stage].active, STAGES[stage].to, found.reason ?? null, found),
    note(id, found) {
      db.prepare(
        "UPDATE photos SET after_seq = coalesce(?, after_seq), after_ms = coalesce(?, after_ms) WHERE id = ?",
      ).run(found.afterSeq ?? null, found.afterMs ?? null, id);
    },
    retry: (id, stage, reason, atMs) => {
      const { from, active } = STAGES[stage];
      again.run(from, reason, atMs, now(), id, active);
    },
    fail: (id, reason, found = {}) => void settle(id, stateOf(id), "failed", reason, found),
    restart: (id, reason) => void settle(id, stateOf(id), "discovered", reason, {}),
    publishedTwin: ({ id, sha256 }) => sha256 !== null && twin.get(sha256, id) !== undefined,
    counts() {
      const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
      for (const row of count.all()) counts[row["state"] as State] = Number(row["count"]);
      return counts;
    },
    nextDueMs: (stage) => (due.get(STAGES[stage].from)?.["due"] as number | null | undefined) ?? null,
    get: (id) => (one.get(id) as unknown as Item | undefined) ?? null,
    list: (states, limit) => inStates.all(JSON.stringify(states), limit) as unknown as Item[],
    troubled: (limit) => troubled.all(limit) as unknown as Item[],
    spooled: () => new Map(spooled.all().map((row) => [Number(row["id"]), Number(row["size"])])),
    control: (name) =>
      (db.prepare("SELECT value FROM controls WHERE name = ?").get(name)?.["value"] as string | undefined) ?? null,
    setControl(name, value) {
      if (value === null) db.prepare("DELETE FROM controls WHERE name = ?").run(name);
      else db.prepare("INSERT OR REPLACE INTO controls (name, value) VALUES (?, ?)").run(name, value);
    },
    reports: () =>
      Object.fromEntries(
        db
          .prepare("SELECT name, at_ms, value FROM reports")
          .all()
          .map((row) => [
            String(row["name"]),
            { atMs: Number(row["at_ms"]), value: JSON.parse(String(row["value"])) as unknown },
          ]),
      ),
    report: (name, value) =>
      void db
        .prepare("INSERT OR REPLACE INTO reports (name, at_ms, value) VALUES (?, ?, ?)")
        .run(name, now(), JSON.stringify(value)),
    close: () => db.close(),
  };
}

/** Runs some changes as one transaction, and none of them when one throws. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}
