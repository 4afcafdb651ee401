import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

/**
 * Where a file stands: waiting, being worked on, published, equal to one that was published under another name, or kept
 * aside for a reason.
 */
export type State = "pending" | "working" | "done" | "duplicate" | "aside";

/** A file as a folder lists it. `beside` is the JPEG that belongs to a RAW file. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly beside: string | null;
}

/** A file that was begun. `options` are those of its import, as they were told. */
export interface Item extends FoundFile {
  readonly id: number;
  /** How often it was begun, this time included. */
  readonly attempts: number;
  readonly options: string;
}

/** A file that waits after a failure, or was kept aside, and why. */
export interface Problem {
  readonly path: string;
  readonly state: State;
  readonly reason: string;
  readonly message: string;
  readonly attempts: number;
}

/**
 * What an import did and has to do, on disk. Every method is one transaction. Files are known by path, length and time of
 * their last change: a file that changed is another.
 */
export interface Journal {
  /** Adds files that were never seen, to be worked on with these options; returns how many. */
  add(files: readonly FoundFile[], options: string): number;
  /** Begins the first file that is due. Null when none is. */
  begin(nowMs: number): Item | null;
  done(id: number, pointId: string, key: string): void;
  duplicate(id: number, pointId: string, of: string): void;
  aside(id: number, reason: string, message: string): void;
  /** Back to pending, to be begun again at an instant. */
  later(id: number, reason: string, message: string, atMs: number): void;
  /** The path under which a point was published, or null. */
  publishedAs(pointId: string): string | null;
  /** The files that were added with these options. */
  pathsOf(options: string): string[];
  counts(): Record<State, number>;
  /** How many files were kept aside for each reason. */
  reasons(): Record<string, number>;
  /** When the next pending file with fewer attempts than `tries` is due, or null when there is none. */
  nextDueMs(tries: number): number | null;
  problems(limit: number): Problem[];
  /** Makes files that were kept aside, or wait, due at once; returns how many. Of all reasons unless one is told. */
  retry(reason?: string): number;
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS imports (id INTEGER PRIMARY KEY, options TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS photos (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL REFERENCES imports (id),
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL,
    beside TEXT,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'working', 'done', 'duplicate', 'aside')),
    worker INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    message TEXT,
    point_id TEXT,
    image_key TEXT,
    UNIQUE (path, bytes, modified_ms)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS photos_due ON photos (state, due_ms);
  CREATE INDEX IF NOT EXISTS photos_point ON photos (point_id) WHERE state = 'done';
`;

/**
 * Opens the journal `journal.sqlite` in a folder, which is made when it is not there; null keeps it in memory.
 * What a process that is gone was working on is pending again.
 */
export function openJournal(folder: string | null): Journal {
  if (folder !== null) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(folder === null ? ":memory:" : path.join(folder, "journal.sqlite"));
  db.exec(SCHEMA);
  freeWorkOfTheGone(db);

  const addImport = db.prepare("INSERT OR IGNORE INTO imports (options) VALUES (?)");
  const addFile = db.prepare(
    `INSERT OR IGNORE INTO photos (import_id, path, bytes, modified_ms, beside)
     VALUES ((SELECT id FROM imports WHERE options = ?), ?, ?, ?, ?)`,
  );
  const begin = db.prepare(
    `UPDATE photos SET state = 'working', worker = ?, attempts = attempts + 1 WHERE id = (
       SELECT id FROM photos WHERE state = 'pending' AND due_ms <= ? ORDER BY due_ms, id LIMIT 1
     ) RETURNING id, path, bytes, modified_ms AS modifiedMs, beside, attempts,
       (SELECT options FROM imports WHERE id = import_id) AS options`,
  );
  const settle = db.prepare(
    `UPDATE photos SET state = ?, worker = NULL, reason = ?, message = ?, point_id = coalesce(?, point_id),
       image_key = coalesce(?, image_key), due_ms = ? WHERE id = ?`,
  );
  const publishedAs = db.prepare("SELECT path FROM photos WHERE point_id = ? AND state = 'done' LIMIT 1");
  const pathsOf = db.prepare(
    "SELECT path FROM photos WHERE import_id = (SELECT id FROM imports WHERE options = ?) ORDER BY id",
  );
  const count = db.prepare("SELECT state AS name, count(*) AS count FROM photos GROUP BY state");
  const reasons = db.prepare(
    "SELECT reason AS name, count(*) AS count FROM photos WHERE state = 'aside' GROUP BY reason",
  );
  const due = db.prepare("SELECT min(due_ms) AS due FROM photos WHERE state = 'pending' AND attempts < ?");
  const problems = db.prepare(
    `SELECT path, state, reason, message, attempts FROM photos
     WHERE state = 'aside' OR (state = 'pending' AND reason IS NOT NULL) ORDER BY id LIMIT ?`,
  );
  const retry = db.prepare(
    `UPDATE photos SET state = 'pending', attempts = 0, due_ms = 0
     WHERE (state = 'aside' OR (state = 'pending' AND reason IS NOT NULL)) AND (?1 IS NULL OR reason = ?1)`,
  );
  const table = (rows: Record<string, SQLOutputValue>[]) => rows.map((row) => [row["name"], Number(row["count"])]);

  return {
    add: (files, options) =>
      inTransaction(db, () => {
        addImport.run(options);
        const changes = files.map(({ path, bytes, modifiedMs, beside }) =>
          Number(addFile.run(options, path, bytes, modifiedMs, beside).changes),
        );
        return changes.reduce((sum, change) => sum + change, 0);
      }),
    begin: (nowMs) => (begin.get(process.pid, nowMs) as unknown as Item | undefined) ?? null,
    done: (id, pointId, key) => void settle.run("done", null, null, pointId, key, 0, id),
    duplicate: (id, pointId, of) => void settle.run("duplicate", null, `equal to ${of}`, pointId, null, 0, id),
    aside: (id, reason, message) => void settle.run("aside", reason, message, null, null, 0, id),
    later: (id, reason, message, atMs) => void settle.run("pending", reason, message, null, null, atMs, id),
    publishedAs: (pointId) => (publishedAs.get(pointId)?.["path"] as string | undefined) ?? null,
    pathsOf: (options) => pathsOf.all(options).map(({ path }) => String(path)),
    counts: () => ({
      pending: 0,
      working: 0,
      done: 0,
      duplicate: 0,
      aside: 0,
      ...Object.fromEntries(table(count.all())),
    }),
    reasons: () => Object.fromEntries(table(reasons.all())) as Record<string, number>,
    nextDueMs: (tries) => (due.get(tries)?.["due"] as number | null | undefined) ?? null,
    problems: (limit) => problems.all(limit) as unknown as Problem[],
    retry: (reason) => Number(retry.run(reason ?? null).changes),
    close: () => db.close(),
  };
}

function inTransaction<T>(db: DatabaseSync, work: () => T): T {
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

function freeWorkOfTheGone(db: DatabaseSync): void {
  const workers = db.prepare("SELECT DISTINCT worker FROM photos WHERE state = 'working'").all();
  const free = db.prepare("UPDATE photos SET state = 'pending', worker = NULL, due_ms = 0 WHERE worker IS ?");
  for (const { worker } of workers) if (worker === undefined || !isAlive(Number(worker))) free.run(worker ?? null);
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
