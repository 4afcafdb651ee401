import { jetstream, type JetStreamClient, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";

/** A connection to NATS with its JetStream client. It reconnects for ever until it is closed. */
export interface Messaging {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Sends what is buffered and closes. Safe to call twice. */
  close(): Promise<void>;
}

/** Told when the connection is lost and found again. */
export type OnConnection = (state: "connected" | "disconnected") => void;

/**
 * Connects to NATS; fails when the server does not answer or has no JetStream.
 * Once connected it reconnects on its own, and `onConnection` hears of it.
 *
 * @param options.url such as `nats://127.0.0.1:4222`; a user and a password in it are used to log in
 * @param options.name how the server names this client
 */
export async function openMessaging(options: {
  url: string;
  name: string;
  onConnection?: OnConnection;
}): Promise<Messaging> {
  const url = new URL(options.url);
  const connection = await connect({
    servers: url.host,
    ...(url.username === "" ? {} : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }),
    ...(url.protocol === "tls:" ? { tls: {} } : {}),
    name: options.name,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    timeout: 5_000,
    ignoreClusterUpdates: true,
  }).catch((cause: Error) => {
    throw new Error(
      `NATS at ${url.host} did not let us in (${cause.message}); expected a running server. Check NATS_URL.`,
      { cause },
    );
  });
  void reportStatus(connection, options.onConnection);
  try {
    const manager = await jetstreamManager(connection);
    return {
      connection,
      manager,
      jetstream: jetstream(connection),
      close: async () => {
        if (!connection.isClosed()) await connection.close();
      },
    };
  } catch (cause) {
    await connection.close();
    throw new Error(`NATS at ${url.host} has no JetStream; start the server with -js.`, { cause });
  }
}

async function reportStatus(connection: NatsConnection, onConnection?: OnConnection): Promise<void> {
  onConnection?.("connected");
  for await (const status of connection.status()) {
    if (status.type === "disconnect") onConnection?.("disconnected");
    if (status.type === "reconnect") onConnection?.("connected");
  }
}
