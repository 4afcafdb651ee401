import Value from "typebox/value";
import type { WebSocket } from "ws";
import { ClientMessageSchema, type LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import type { TripStore } from "./store.ts";

/** When a client counts as slow or gone. */
export interface LiveLimits {
  /** Bytes that may wait in one socket before changes are held back for it. */
  readonly bufferedBytes: number;
  /** For how long a held-back client may take nothing, in milliseconds. */
  readonly stallMs: number;
  /** The time between two WebSocket pings, in milliseconds; a client that misses one is cut off. A held-back one cannot see them. */
  readonly pingMs: number;
}

/** The limits that hold unless told. */
export const LIVE_LIMITS: LiveLimits = { bufferedBytes: 1 << 20, stallMs: 15_000, pingMs: 30_000 };

/** All open live sockets. */
export interface Live {
  /** Takes a socket in: says hello, then every change after `afterSeq` (the present one unless told). */
  join(socket: WebSocket, afterSeq: number | undefined): void;
  /** To be called after every change of the store. */
  changed(): void;
  viewers(): number;
  /** Says goodbye (1001) to everybody. */
  close(): void;
}

interface Client {
  readonly socket: WebSocket;
  cursor: number;
  heldSince: number | null;
  alive: boolean;
}

const BATCH = 256;

/**
 * Makes the live side over a store. Each client has a cursor into the store's changes, so that a
 * slow one costs a bounded buffer and nobody else waits; one that takes nothing for too long is closed with 1013.
 */
export function createLive(
  store: TripStore,
  limits: LiveLimits = LIVE_LIMITS,
  onSlowClient: () => void = () => {},
): Live {
  const clients = new Set<Client>();
  let viewersTimer: NodeJS.Timeout | undefined;

  const say = ({ socket }: Client, message: LiveMessage, sent?: () => void) =>
    socket.send(JSON.stringify(message), () => sent?.());

  const pump = (client: Client) => {
    if (client.socket.readyState !== client.socket.OPEN) return;
    while (client.socket.bufferedAmount < limits.bufferedBytes) {
      const changes = store.changesAfter(client.cursor, BATCH);
      if (changes.length === 0) {
        client.heldSince = null;
        return;
      }
      for (const change of changes) {
        client.cursor = change.seq;
        say(client, change, () => drained(client));
      }
    }
    client.heldSince ??= Date.now();
  };

  const drained = (client: Client) => {
    if (client.heldSince === null) return;
    client.heldSince = Date.now();
    client.alive = true;
    if (client.socket.bufferedAmount < limits.bufferedBytes / 2) pump(client);
  };

  const announceViewers = () => {
    viewersTimer ??= setTimeout(() => {
      viewersTimer = undefined;
      for (const client of clients) say(client, { type: "viewers", count: clients.size });
    }, 100);
  };

  const stallTimer = setInterval(
    () => {
      for (const client of clients) {
        if (client.heldSince === null || Date.now() - client.heldSince < limits.stallMs) continue;
        clients.delete(client);
        onSlowClient();
        client.socket.close(1013, "too slow: take the changes after your last sequence again");
      }
    },
    Math.max(20, limits.stallMs / 4),
  ).unref();

  const pingTimer = setInterval(() => {
    for (const client of clients) {
      if (client.heldSince !== null) continue;
      if (!client.alive) client.socket.terminate();
      client.alive = false;
      client.socket.ping();
    }
  }, limits.pingMs).unref();

  return {
    viewers: () => clients.size,
    changed: () => {
      for (const client of clients) if (client.heldSince === null) pump(client);
    },
    join(socket, afterSeq) {
      const cursor = Math.min(afterSeq ?? store.seq, store.seq);
      const client: Client = { socket, cursor, heldSince: null, alive: true };
      clients.add(client);
      socket.on("pong", () => void (client.alive = true));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clients.delete(client);
        announceViewers();
      });
      socket.on("message", (data, binary) => {
        client.alive = true;
        if (!binary && isPing(String(data))) say(client, { type: "pong" });
        else socket.close(1008, 'only {"type":"ping"} is understood');
      });
      say(client, { type: "hello", seq: store.seq, viewers: clients.size });
      announceViewers();
      pump(client);
    },
    close() {
      clearInterval(stallTimer);
      clearInterval(pingTimer);
      clearTimeout(viewersTimer);
      for (const { socket } of clients) socket.close(1001, "the service stops");
    },
  };
}

function isPing(text: string): boolean {
  try {
    return Value.Check(ClientMessageSchema, JSON.parse(text));
  } catch {
    return false;
  }
}
