import type { Clock } from "#lib/operator/clock.ts";
import type { CloudflareError } from "./api/errors.ts";
import { BATCH_LIMIT, type Cloudflare, type Zone } from "./api/types.ts";
import type { Observation } from "./observe.ts";
import type { RecordChange } from "./record-plan.ts";

/** Writes DNS records: changes for many Deployments in few batches. */
export interface RecordWriter {
  /**
   * Resolves with undefined when the change was made. Changes of about the same time share a batch.
   * @throws LeadershipLost when another leads by now
   */
  submit(change: RecordChange): Promise<CloudflareError | undefined>;
}

interface Waiting {
  readonly change: RecordChange;
  readonly end: (error: CloudflareError | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Changes that come within this time go together. */
const GATHER_MS = 100;

/**
 * Makes a writer. A batch is all or nothing, so one change that Cloudflare refuses stops all that share its batch: then
 * the batch is halved until the one is alone.
 */
export function recordWriter(
  cloudflare: Cloudflare,
  observation: Observation,
  clock: Clock,
  signal: AbortSignal,
): RecordWriter {
  const gathered = new Map<string, Waiting[]>();

  const write = async (zone: Zone, some: readonly Waiting[]): Promise<void> => {
    const batches = some.map(({ change }) => change.batch);
    const answer = await cloudflare.records.batch(
      zone.id,
      {
        deletes: batches.flatMap(({ deletes }) => deletes),
        puts: batches.flatMap(({ puts }) => puts),
        posts: batches.flatMap(({ posts }) => posts),
      },
      { signal },
    );
    if (!answer.ok && some.length > 1 && isRefusal(answer.error)) {
      const middle = Math.ceil(some.length / 2);
      await write(zone, some.slice(0, middle));
      await write(zone, some.slice(middle));
      return;
    }
    if (answer.ok) {
      for (const id of batches.flatMap(({ deletes }) => deletes)) observation.deletedRecord(id);
      for (const record of [...answer.value.puts, ...answer.value.posts]) observation.wroteRecord(zone, record);
    }
    for (const { end } of some) end(answer.ok ? undefined : answer.error);
  };
  const flush = async (zone: Zone): Promise<void> => {
    const all = gathered.get(zone.id) ?? [];
    gathered.delete(zone.id);
    try {
      for (const some of chunks(all)) await write(zone, some);
    } catch (error) {
      for (const { fail } of all) fail(error);
    }
  };

  return {
    submit: (change) =>
      new Promise((end, fail) => {
        const { zone } = change;
        const waiting = gathered.get(zone.id);
        if (waiting !== undefined) waiting.push({ change, end, fail });
        else {
          gathered.set(zone.id, [{ change, end, fail }]);
          clock.setTimer(GATHER_MS, () => void flush(zone));
        }
      }),
  };
}

const isRefusal = ({ kind }: CloudflareError): boolean =>
  kind === "RecordExists" || kind === "RecordMissing" || kind === "Invalid" || kind === "NotFound";

/** Parts that a batch may hold, in order. */
function chunks(all: readonly Waiting[]): Waiting[][] {
  const parts: Waiting[][] = [];
  let size = Infinity;
  for (const one of all) {
    const { deletes, puts, posts } = one.change.batch;
    const changes = deletes.length + puts.length + posts.length;
    size += changes;
    if (size > BATCH_LIMIT) {
      parts.push([]);
      size = changes;
    }
    parts.at(-1)!.push(one);
  }
  return parts;
}
