import { DatabaseSync } from "node:sqlite";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { restingState, type State, STATES } from "./states.ts";
import { type Queue, transaction } from "./store.ts";

/**
 * Makes this process the one that works on the queue of a folder, until it ends in whatever way: SQLite's lock on `owner.sqlite`.
 * @throws when another process does.
 */
export function own(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(path.join(folder, "owner.sqlite"));
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    db.close();
    throw new Error(
      `Another trips-capture works on ${folder}; expected to be the only one. Stop it, or give this one another STATE_DIR.`,
      { cause },
    );
  }
  return () => db.close();
}

/** Puts what an ended process left under way back to where its stage takes it again. Only for the owner. */
export function takeOver({ db }: Queue): void {
  transaction(db, () => {
    for (const state of STATES) {
      const rest = restingState(state);
      if (rest !== state) db.prepare("UPDATE photos SET state = ?, due_ms = 0 WHERE state = ?").run(rest, state);
    }
  });
}

/**
 * Makes photos due at once. Failed ones begin again: with their bytes when they are in the spool, else at the card.
 * @param id one photo; all that failed or wait for their time unless told
 * @returns how many
 */
export function retryPhotos({ db }: Queue, now: number, id?: number): number {
  return transaction(db, () => {
    const failed = db
      .prepare(
        `UPDATE photos SET state = 'discovered', attempts = 0, due_ms = 0, since_ms = ?1
         WHERE state = 'failed' AND (?2 IS NULL OR id = ?2)`,
      )
      .run(now, id ?? null);
    const waiting = db
      .prepare(
        `UPDATE photos SET due_ms = 0, attempts = 0 WHERE due_ms > ?1 AND state <> 'failed' AND (?2 IS NULL OR id = ?2)`,
      )
      .run(now, id ?? null);
    return Number(failed.changes) + Number(waiting.changes);
  });
}

/** Pauses a photo that is not yet published. False when there is none with this number. */
export function pausePhoto({ db }: Queue, id: number, now: number): boolean {
  return transaction(db, () => {
    const state = db.prepare("SELECT state FROM photos WHERE id = ?").get(id)?.["state"] as State | undefined;
    if (state === undefined || ["paused", "published", "deleting", "deleted"].includes(state)) return false;
    db.prepare("UPDATE photos SET state = 'paused', resume_state = ?, since_ms = ? WHERE id = ?").run(
      restingState(state),
      now,
      id,
    );
    return true;
  });
}

/** Lets a paused photo go on, or all of them; returns how many. */
export function resumePhotos({ db }: Queue, now: number, id?: number): number {
  const changed = db
    .prepare(
      `UPDATE photos SET state = resume_state, resume_state = NULL, due_ms = 0, attempts = 0, since_ms = ?1
       WHERE state = 'paused' AND (?2 IS NULL OR id = ?2)`,
    )
    .run(now, id ?? null);
  return Number(changed.changes);
}

const PAUSED = "paused";

/** Whether the owner paused the whole service. */
export const isPaused = (queue: Queue): boolean => queue.control(PAUSED) !== null;

/** Pauses the whole service (no capture, nothing moves), or lets it go on. Lasts over restarts. */
export const setPaused = (queue: Queue, paused: boolean): void => queue.setControl(PAUSED, paused ? "yes" : null);
