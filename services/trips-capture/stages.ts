import { readFile } from "node:fs/promises";
import { decodeEvent, type Published } from "#lib/messaging/events.ts";
import { kindOf, KINDS } from "#lib/photos/kind.ts";
import type { Prepared, Upload } from "#lib/photos/prepare.ts";
import { type Photo, PhotoSchema } from "#lib/schemas/trips/v1/photo.ts";
import { backoffMs } from "#lib/service/retry.ts";
import type { CameraClient } from "./camera.ts";
import type { Boundary } from "./failpoint.ts";
import type { CardFile } from "./media.ts";
import { CameraError } from "./request.ts";
import type { Spool } from "./spool.ts";
import type { Stage } from "./states.ts";
import { GONE, type Item, type Queue } from "./store.ts";
import type { Fix } from "./trigger.ts";

/** What the stages need. */
export interface StageDeps {
  readonly camera: Pick<CameraClient, "download" | "list" | "remove" | "vitals">;
  readonly queue: Queue;
  readonly spool: Spool;
  /** What the bytes of a picture become. */
  readonly prepare: (bytes: Uint8Array, file: Item) => Promise<Prepared>;
  /** Puts the bytes into the store unless they are there, and makes sure of it. */
  readonly store: (upload: Upload) => Promise<unknown>;
  /** Publishes a photo unless the stream has it since a sequence. */
  readonly publish: (photo: Photo, since: { seq: number; ms: number } | null) => Promise<Published>;
  /** A sequence that the stream has reached, as late as is known without asking; null when none is known. */
  readonly knownSeq: () => number | null;
  /** The stream's last sequence. */
  readonly lastSeq: () => Promise<number>;
  /** Told where a picture was taken. */
  readonly onFix: (fix: Fix) => void;
  readonly now: () => number;
  /** Told before and after everything that outlives the process; tests end the process here. */
  readonly boundary: (name: Boundary) => void;
}

/** How a stage ended. `retry` is for what can heal; `shared` when the next photo would meet the same. */
export type Outcome =
  | { readonly kind: "done"; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "retry"; readonly error: Error; readonly waitMs: number; readonly shared: boolean };

/**
 * Does one stage of one begun photo and settles it in the queue. Every stage may be done twice without harm: the object's key and the
 * point's id come from the bytes. A picture that cannot become a point is stored all the same, and kept aside with the reason.
 */
export async function runStage(stage: Stage, item: Item, deps: StageDeps): Promise<Outcome> {
  deps.boundary(`${stage}: begun`);
  try {
    const outcome = await WORK[stage](item, deps);
    deps.boundary(`${stage}: settled`);
    return outcome;
  } catch (thrown) {
    const error = thrown as Error;
    const waitMs = backoffMs(item.attempts, 1_000, 60_000);
    deps.queue.retry(item.id, stage, error.message, deps.now() + waitMs);
    const own = error instanceof CameraError && error.code === "truncated";
    return { kind: "retry", error, waitMs, shared: !own };
  }
}

const WORK: Readonly<Record<Stage, (item: Item, deps: StageDeps) => Promise<Outcome>>> = {
  async download(item, { camera, queue, spool, prepare, boundary, onFix }) {
    if ((await spool.size(item.id)) === null) {
      try {
        await camera.download(item, spool.part(item.id));
      } catch (error) {
        if (!(error instanceof CameraError && error.code === "gone") || (await isThere(item, camera))) throw error;
        await spool.remove(item.id);
        return fail(queue, item, GONE);
      }
      boundary("download: bytes arrived");
      await spool.commit(item.id);
      boundary("download: bytes on disk");
    }
    const bytes = await readFile(spool.whole(item.id));
    const prepared = await prepare(bytes, item);
    const original = prepared.kind === "photo" ? prepared.uploads[0] : prepared.original;
    if (!original) return fail(queue, item, prepared.kind === "aside" ? prepared.message : "no bytes");
    const found = { size: bytes.length, sha256: original.sha256, key: original.key };
    if (prepared.kind === "aside") queue.finish(item.id, "download", { ...found, reason: prepared.message });
    else {
      const { photo } = prepared;
      queue.finish(item.id, "download", { ...found, pointId: photo.id, event: JSON.stringify(photo) });
      onFix(fixOf(photo));
    }
    return { kind: "done", detail: { bytes: bytes.length } };
  },

  async store(item, { queue, spool, prepare, store, knownSeq, now, boundary }) {
    if ((await spool.size(item.id)) === null) {
      queue.restart(item.id, "its bytes are not in the spool; they are taken from the card again");
      return { kind: "done", detail: { restarted: true } };
    }
    const bytes = await readFile(spool.whole(item.id));
    for (const upload of await uploadsOf(bytes, item, prepare)) await store(upload);
    boundary("store: objects stored");
    if (item.event !== null) {
      const afterSeq = item.afterSeq === null ? knownSeq() : null;
      queue.finish(item.id, "store", afterSeq === null ? {} : { afterSeq, afterMs: now() });
      return { kind: "done", detail: { key: item.key } };
    }
    const outcome = fail(queue, item, item.reason ?? "it cannot become a point", { key: item.key });
    boundary("store: kept aside");
    await spool.remove(item.id);
    return outcome;
  },

  async publish(item, { queue, spool, publish, lastSeq, now, boundary }) {
    const decoded = decodeEvent(PhotoSchema, Buffer.from(item.event ?? ""));
    if (!decoded.ok) return fail(queue, item, `its event does not fit: ${decoded.problem}`, { key: item.key });
    const twin = queue.publishedTwin(item);
    let detail: Record<string, unknown> = { id: item.pointId, twin };
    if (!twin) {
      const since = item.afterSeq === null || item.afterMs === null ? null : { seq: item.afterSeq, ms: item.afterMs };
      if (since === null) queue.note(item.id, { afterSeq: await lastSeq(), afterMs: now() });
      boundary("publish: noted");
      detail = { ...detail, ...(await publish(decoded.value, since)) };
      boundary("publish: acknowledged");
    }
    queue.finish(item.id, "publish");
    boundary("publish: on record");
    await spool.remove(item.id);
    return { kind: "done", detail };
  },

  async delete(item, { queue, camera, boundary }) {
    const there = await isThere(item, camera);
    if (there) await camera.remove(item);
    boundary("delete: removed");
    queue.finish(item.id, "delete");
    return { kind: "done", detail: { there } };
  },
};

/** A JPEG is the only object of its photo; any other picture has a preview beside it. */
async function uploadsOf(bytes: Uint8Array, item: Item, prepare: StageDeps["prepare"]): Promise<readonly Upload[]> {
  const own: Upload = { key: item.key!, sha256: item.sha256!, type: KINDS[kindOf(bytes) ?? "jpeg"].type, bytes };
  if (own.type === KINDS.jpeg.type || item.event === null) return [own];
  const prepared = await prepare(bytes, item);
  return prepared.kind === "photo" ? prepared.uploads : [own];
}

function fixOf({ takenAt, lat, lng, speedMps }: Photo): Fix {
  return { atMs: Date.parse(takenAt), lat, lng, ...(speedMps === undefined ? {} : { speedMps }) };
}

function fail(queue: Queue, item: Item, reason: string, found: Parameters<Queue["fail"]>[2] = {}): Outcome {
  queue.fail(item.id, reason, found);
  return { kind: "failed", reason };
}

/**
 * Whether the card lists a file.
 * @throws CameraError `refused` when there is no card that the camera can read, so that nobody knows.
 */
async function isThere(item: Item, camera: StageDeps["camera"]): Promise<boolean> {
  const { storage } = await camera.vitals();
  if (["removed", "format error", "busy"].includes(storage))
    throw new CameraError("refused", `The camera's card cannot be read (${storage}); put it back.`);
  return (await camera.list()).some((file) => sameFile(file, item));
}

const sameFile = (a: CardFile, b: CardFile): boolean =>
  a.folder === b.folder && a.name === b.name && a.createdS === b.createdS && a.bytes === b.bytes;
