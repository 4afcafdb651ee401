import { DeliverPolicy, type OrderedConsumerOptions } from "@nats-io/jetstream";
import type { Messaging } from "./connection.ts";

/** A message of a stream. Sequences grow; they have holes where messages were removed. */
export interface StreamMessage {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
}

/** A running {@link follow}. */
export interface Following {
  /** Resolves when everything that the stream held at the start has been handed over. */
  readonly caughtUp: Promise<void>;
  /** Settles when following ends: resolved after `close`, rejected with the reason otherwise. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** How long one pull waits. The client also waits so long before it looks again for a server that is just starting. */
const PULL_MS = 4_000;

/**
 * Hands over every message of a stream in order, first the past and then what arrives, from one
 * consumer: between the two nothing can be lost. Goes on over lost connections and restarts of
 * the server, each message once.
 *
 * It ends with an error when `onMessage` throws, or when the stream was deleted and made anew
 * under us, since what was handed over before is then no longer true.
 */
export async function follow(
  messaging: Messaging,
  options: { stream: string; afterSeq?: number; onMessage(message: StreamMessage): void },
): Promise<Following> {
  const { manager, jetstream, connection } = messaging;
  const { state, created } = await manager.streams.info(options.stream);
  const afterSeq = options.afterSeq ?? 0;
  const start: Partial<OrderedConsumerOptions> =
    afterSeq > 0
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: afterSeq + 1 }
      : { deliver_policy: DeliverPolicy.All };
  const consumer = await jetstream.consumers.get(options.stream, start);
  const messages = await consumer.consume({ max_messages: 1_000, expires: PULL_MS, idle_heartbeat: PULL_MS / 2 });
  const { promise: caughtUp, resolve: setCaughtUp } = Promise.withResolvers<void>();
  if (state.messages === 0 || state.last_seq <= afterSeq) setCaughtUp();
  let closing = false;
  let failure: Error | undefined;

  const watchIncarnation = async () => {
    for await (const status of connection.status()) {
      if (closing) return;
      if (status.type !== "reconnect") continue;
      const now = await manager.streams.info(options.stream).catch((error: Error) => error);
      const gone = now instanceof Error ? now.message === "stream not found" : now.created !== created;
      if (!gone) continue;
      failure = new Error(
        `The stream ${options.stream} was deleted or made anew while it was followed; expected the one created at ${created}. ` +
          "Start again to read the new one.",
      );
      messages.stop(failure);
      return;
    }
  };

  const handOver = async () => {
    for await (const message of messages) {
      options.onMessage({ seq: message.seq, subject: message.subject, data: message.data });
      if (message.seq >= state.last_seq || message.info.pending === 0) setCaughtUp();
    }
    if (failure) throw failure;
    if (!closing)
      throw new Error(`Following the stream ${options.stream} ended on its own: the connection was closed.`);
  };

  void watchIncarnation();
  const ended = handOver();
  ended.catch(() => {});
  return {
    caughtUp,
    ended,
    close: async () => {
      closing = true;
      await messages.close();
      await ended.catch(() => {});
    },
  };
}
