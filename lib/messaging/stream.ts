import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import type { Messaging } from "./connection.ts";

/** What a stream is called and holds. */
export interface StreamOptions {
  readonly name: string;
  readonly subjects: readonly string[];
  /** For how long a second publication with the same id is dropped, in milliseconds; a day unless told. */
  readonly duplicateWindowMs?: number;
}

/**
 * Creates the stream, or brings its subjects and duplicate window up to date.
 * The stream lies on disk and keeps everything: no limit of age, count or size.
 */
export async function ensureStream(messaging: Messaging, options: StreamOptions): Promise<void> {
  const wanted = {
    subjects: [...options.subjects],
    duplicate_window: (options.duplicateWindowMs ?? 86_400_000) * 1_000_000,
  };
  try {
    await messaging.manager.streams.update(options.name, wanted);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound)) throw error;
    await messaging.manager.streams.add({
      ...wanted,
      name: options.name,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      max_age: 0,
      allow_direct: true,
    });
  }
}
