import { JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import type { Messaging } from "./connection.ts";

/** Something that one process at a time does among several. */
export interface Lease {
  /** Gives it back before its time. */
  release(): Promise<void>;
}

/** The server's code for "there is a message on the subject already". */
const WRONG_LAST_SEQUENCE = 10071;

/**
 * Takes a lease, or returns null while another process has it. A lease ends by itself after `ttlMs`, so that a process
 * that died holds up nobody; a process that works longer than that is not alone any more, and what it does must bear it.
 *
 * A lease is the only message on a subject of a small stream: the server stores it on the condition that the subject is
 * empty, and drops it with age.
 *
 * @param options.stream the stream for leases, made when it is absent; its subjects are `<stream>.<name>`
 */
export async function takeLease(
  messaging: Messaging,
  options: { stream: string; name: string; ttlMs: number },
): Promise<Lease | null> {
  const { stream, name, ttlMs } = options;
  const nanoseconds = ttlMs * 1_000_000;
  await messaging.manager.streams.add({
    name: stream,
    subjects: [`${stream}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_msgs_per_subject: 1,
    max_age: nanoseconds,
    duplicate_window: nanoseconds,
  });
  const subject = `${stream}.${name}`;
  try {
    // nosemgrep: jetstream-publish-without-id -- a second publication is refused by the expected sequence
    await messaging.jetstream.publish(subject, "", { expect: { lastSubjectSequence: 0 } });
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return null;
    throw error;
  }
  return { release: async () => void (await messaging.manager.streams.purge(stream, { filter: subject })) };
}
