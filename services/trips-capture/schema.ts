import type { DatabaseSync } from "node:sqlite";
import { STATES } from "./states.ts";

const list = STATES.map((state) => `'${state}'`).join(", ");

const TABLES = `
  CREATE TABLE photos (
    id INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'discovered' CHECK (state IN (${list})),
    resume_state TEXT CHECK ((resume_state IS NOT NULL) = (state = 'paused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    since_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    size INTEGER,
    sha256 TEXT,
    image_key TEXT,
    point_id TEXT,
    event TEXT,
    after_seq INTEGER,
    after_ms INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX photos_file ON photos (folder, name, created_s, bytes) WHERE state <> 'deleted';
  CREATE INDEX photos_work ON photos (state, created_s, id);
  CREATE INDEX photos_trouble ON photos (since_ms) WHERE reason IS NOT NULL;
  CREATE INDEX photos_content ON photos (sha256) WHERE sha256 IS NOT NULL;
  CREATE TABLE controls (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE reports (name TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, value TEXT NOT NULL) STRICT;
`;

const FROM_VERSION_1 = `
  ALTER TABLE photos RENAME TO photos_v1;
  DROP INDEX photos_due;
  ${TABLES}
  INSERT INTO photos (id, folder, name, created_s, bytes, state, attempts, reason, image_key, point_id)
    SELECT id, folder, name, created_s, bytes,
           CASE state WHEN 'done' THEN 'published' WHEN 'failed' THEN 'failed' ELSE 'discovered' END,
           0, reason, image_key, point_id
    FROM photos_v1;
  DROP TABLE photos_v1;
`;

/** A photo with the names of the program: see Item in store.ts. Made for each connection. */
const VIEW = `
  CREATE TEMP VIEW items AS SELECT id, folder, name, created_s AS createdS, bytes, state, attempts, since_ms AS sinceMs,
    due_ms AS dueMs, reason, size, sha256, image_key AS key, point_id AS pointId, event, after_seq AS afterSeq, after_ms AS afterMs
  FROM photos;
`;

/** The version of the tables that this program writes, in SQLite's `user_version`. */
export const SCHEMA_VERSION = 2;

/**
 * Sets the database up: a write-ahead log that is on disk after each transaction, and the tables of this version,
 * made anew or brought over from version 1 in one transaction.
 *
 * @throws when the tables are of a later version than this program knows.
 */
export function prepareDatabase(db: DatabaseSync): void {
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  db.exec("BEGIN IMMEDIATE");
  try {
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version > SCHEMA_VERSION)
      throw new Error(
        `The queue is of version ${version}; expected ${SCHEMA_VERSION} at most. Run the trips-capture that made it, or a later one.`,
      );
    if (version < SCHEMA_VERSION) {
      const old = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'photos'").get();
      db.exec(old ? FROM_VERSION_1 : TABLES);
      db.exec("PRAGMA user_version = 2");
    }
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
  db.exec(VIEW);
}
