import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { CardFile } from "./media.ts";

/** Where a picture stands: waiting, being worked on, published, or kept aside for a reason. */
export type State = "pending" | "uploading" | "done" | "failed";

/** A picture in the queue. */
export interface Item extends CardFile {
  readonly id: number;
  /** How often it was begun, this time included. */
  readonly attempts: number;
}

/** A picture that cannot become a point, and why. `key` is where its bytes are, when they were stored. */
export interface FailedItem {
  readonly folder: string;
  readonly name: string;
  readonly reason: string;
  readonly key: string | null;
}

/** The durable queue of pictures. Every method is one transaction that is on disk when it returns. */
export interface Queue {
  /** Adds the files that were never seen; returns how many. A file is known by folder, name, time and length. */
  add(files: readonly CardFile[]): number;
  /** Begins the oldest picture that is due: pending becomes uploading. Null when none is. */
  begin(nowMs: number): Item | null;
  done(id: number, result: { key: string; pointId: string }): void;
  /** Back to pending, to be begun again at an instant. */
  retry(id: number, reason: string, atMs: number): void;
  fail(id: number, reason: string, key: string | null): void;
  counts(): Record<State, number>;
  /** When the next pending picture is due, or null. */
  nextDueMs(): number | null;
  failed(limit: number): FailedItem[];
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS photos (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'uploading', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    image_key TEXT,
    point_id TEXT,
    UNIQUE (folder, name, created_s, bytes)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS photos_due ON photos (state, due_ms);
`;

/**
 * Opens the queue `queue.sqlite` in a folder, which is made when it is not there.
 * What a stopped process left as uploading is pending again.
 */
export function openQueue(folder: string): Queue {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(path.join(folder, "queue.sqlite"));
  db.exec(SCHEMA);
  db.exec("UPDATE photos SET state = 'pending', due_ms = 0 WHERE state = 'uploading'");

  const insert = db.prepare("INSERT OR IGNORE INTO photos (folder, name, created_s, bytes) VALUES (?, ?, ?, ?)");
  const begin = db.prepare(
    `UPDATE photos SET state = 'uploading', attempts = attempts + 1 WHERE id = (
       SELECT id FROM photos WHERE state = 'pending' AND due_ms <= ? ORDER BY created_s, id LIMIT 1
     ) RETURNING id, folder, name, created_s AS createdS, bytes, attempts`,
  );
  const settle = db.prepare(
    "UPDATE photos SET state = ?, reason = ?, image_key = coalesce(?, image_key), point_id = ?, due_ms = ? WHERE id = ?",
  );
  const count = db.prepare("SELECT state, count(*) AS count FROM photos GROUP BY state");
  const due = db.prepare("SELECT min(due_ms) AS due FROM photos WHERE state = 'pending'");
  const failed = db.prepare(
    "SELECT folder, name, reason, image_key AS key FROM photos WHERE state = 'failed' ORDER BY id DESC LIMIT ?",
  );

  return {
    add(files) {
      let added = 0;
      db.exec("BEGIN IMMEDIATE");
      try {
        for (const file of files)
          added += Number(insert.run(file.folder, file.name, file.createdS, file.bytes).changes);
        db.exec("COMMIT");
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
      return added;
    },
    begin: (nowMs) => (begin.get(nowMs) as unknown as Item | undefined) ?? null,
    done: (id, { key, pointId }) => void settle.run("done", null, key, pointId, 0, id),
    retry: (id, reason, atMs) => void settle.run("pending", reason, null, null, atMs, id),
    fail: (id, reason, key) => void settle.run("failed", reason, key, null, 0, id),
    counts() {
      const counts: Record<State, number> = { pending: 0, uploading: 0, done: 0, failed: 0 };
      for (const row of count.all() as Record<string, SQLOutputValue>[])
        counts[row["state"] as State] = Number(row["count"]);
      return counts;
    },
    nextDueMs: () => (due.get()?.["due"] as number | null | undefined) ?? null,
    failed: (limit) => failed.all(limit) as unknown as FailedItem[],
    close: () => db.close(),
  };
}
