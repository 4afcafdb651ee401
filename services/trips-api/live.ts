import type { WebSocket } from "ws";
import type { LiveMessage } from "#lib/schemas/trips/v1/live.ts";
import { isPing, written } from "./live-messages.ts";
import type { Entry } from "./log.ts";
import { createLru } from "./lru.ts";
import { frontier } from "./points.ts";
import type { Reader } from "./reader.ts";
import { OWNER_VIEW, type View } from "./view.ts";

/** When a client counts as slow, rude or gone. */
export interface LiveLimits {
  /** Bytes that may wait in one socket before changes are held back for it. */
  readonly bufferedBytes: number;
  /** For how long a held-back client may take nothing, in milliseconds. */
  readonly stallMs: number;
  /** The time between two WebSocket pings, in milliseconds; a client that misses one is cut off. A held-back one cannot see them. */
  readonly pingMs: number;
  /** How many messages a client may send between two of those pings. */
  readonly messages: number;
  /** The least time between two digests, in milliseconds. */
  readonly digestMs: number;
}

/** The limits that hold unless told. */
export const LIVE_LIMITS: LiveLimits = {
  ...{ bufferedBytes: 1 << 20, stallMs: 15_000, pingMs: 30_000 },
  ...{ messages: 60, digestMs: 1_000 },
};

/** What a client wants and may see. */
export interface Viewer {
  /** Begins after this sequence; now without it. */
  readonly after?: number | undefined;
  /** Only points of this trip. */
  readonly trip?: string | undefined;
  /** What it may see now; throws when that is nothing any more. Everything without it. */
  readonly view?: () => View;
  /** Told when the socket is closed. */
  readonly onClose?: () => void;
}

/** All open live sockets. */
export interface Live {
  /** Takes a socket in: says hello, then every change. */
  join(socket: WebSocket, viewer: Viewer): void;
  /** To be called after every change of the store. */
  changed(): void;
  viewers(): number;
  /** Says goodbye (1001) to everybody. */
  close(): void;
}

interface Client {
  readonly socket: WebSocket;
  readonly trip: string | undefined;
  readonly viewNow: () => View;
  view: View;
  accessVersion: number;
  cursor: number;
  heldSince: number | null;
  alive: boolean;
  messages: number;
}

const BATCH = 256;

/**
 * Makes the live side over a store. Each client has a cursor into the store's changes, so that a
 * slow one costs a bounded buffer and nobody else waits; one that takes nothing for too long is closed with 1013.
 * What a view holds back for a while stops the cursor, so that nothing is passed over.
 */
export function createLive(
  reader: Reader,
  limits: LiveLimits = LIVE_LIMITS,
  onSlowClient: () => void = () => {},
): Live {
  const { store } = reader;
  const clients = new Set<Client>();
  const texts = createLru<number, Buffer>(4 * BATCH);
  let viewersTimer: NodeJS.Timeout | undefined;
  let digestTimer: NodeJS.Timeout | undefined;
  let pumping: NodeJS.Immediate | undefined;
  let closed = false;

  const sayBytes = ({ socket }: Client, text: Buffer, sent?: () => void) => socket.send(text, { binary: false }, sent);
  const say = (client: Client, message: LiveMessage) => sayBytes(client, Buffer.from(JSON.stringify(message)));
  const sayAll = (message: LiveMessage) => {
    const text = Buffer.from(JSON.stringify(message));
    for (const client of clients) if (client.heldSince === null) sayBytes(client, text);
  };
  const textOf = (entry: Entry): Buffer => {
    let text = texts.get(entry.seq);
    if (text === undefined) texts.set(entry.seq, (text = Buffer.from(written(reader, entry))));
    return text;
  };

  /** Looks again at what the client may see; false when it may see nothing any more. */
  const renewView = (client: Client): boolean => {
    try {
      const view = client.viewNow();
      client.accessVersion = store.accessVersion;
      if (view.key === client.view.key) return true;
      client.view = view;
      say(client, { type: "reload", seq: store.seq });
      return true;
    } catch (error) {
      client.socket.close(1008, (error as Error).message.slice(0, 100));
      clients.delete(client);
      return false;
    }
  };
  const shown = (client: Client, entry: Entry): "now" | "later" | "never" => {
    if (entry.kind === "settings") return "never";
    if (entry.kind !== "point") return "now";
    if (client.trip !== undefined && reader.partition.tripOf(entry.row) !== client.trip) return "never";
    const seen = reader.sees(client.view, entry.row);
    return seen === "later" && store.table.columns.time[entry.row]! > Date.now() ? "never" : seen;
  };
  const pump = (client: Client) => {
    if (client.socket.readyState !== client.socket.OPEN) return;
    if (client.accessVersion !== store.accessVersion && !renewView(client)) return;
    while (client.socket.bufferedAmount < limits.bufferedBytes) {
      let taken = 0;
      for (const entry of store.entriesAfter(client.cursor)) {
        const seen = shown(client, entry);
        if (seen === "later") {
          client.heldSince = null;
          return;
        }
        client.cursor = entry.seq;
        if (seen === "now") sayBytes(client, textOf(entry), () => drained(client));
        if (++taken === BATCH) break;
      }
      if (taken < BATCH) {
        client.heldSince = null;
        return;
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
  const pumpAll = () => {
    pumping = undefined;
    for (const client of clients) if (client.heldSince === null) pump(client);
  };

  const announceViewers = () => {
    viewersTimer ??= setTimeout(() => {
      viewersTimer = undefined;
      sayAll({ type: "viewers", count: clients.size });
    }, 100);
  };
  const announceDigest = () => {
    if (closed || clients.size === 0) return;
    const tell = async () => {
      const digest = await store.digest();
      digestTimer = undefined;
      sayAll({ type: "digest", ...digest });
      if (store.seq !== digest.seq) announceDigest();
    };
    // A digest that cannot be made is reported where the state is hashed anew; viewers go on without it.
    digestTimer ??= setTimeout(() => void tell().catch(() => (digestTimer = undefined)), limits.digestMs);
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

  const accessTimer = setInterval(() => {
    for (const client of clients) {
      if (!renewView(client) || client.view.delayMs === 0 || client.heldSince !== null) continue;
      pump(client);
    }
  }, 1_000).unref();

  const pingTimer = setInterval(() => {
    for (const client of clients) {
      client.messages = 0;
      if (client.heldSince !== null) continue;
      if (!client.alive) client.socket.terminate();
      client.alive = false;
      client.socket.ping();
    }
  }, limits.pingMs).unref();

  return {
    viewers: () => clients.size,
    changed: () => {
      pumping ??= setImmediate(pumpAll);
      announceDigest();
    },
    join(socket, { after, trip, view: viewNow = () => OWNER_VIEW, onClose }) {
      const view = viewNow();
      const end = frontier(reader, view);
      const client: Client = {
        ...{ socket, trip, viewNow, view, accessVersion: store.accessVersion },
        ...{ cursor: Math.min(after ?? end, end), heldSince: null, alive: true, messages: 0 },
      };
      clients.add(client);
      socket.on("pong", () => void (client.alive = true));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clients.delete(client);
        announceViewers();
        onClose?.();
      });
      socket.on("message", (data, binary) => {
        client.alive = true;
        if (++client.messages > limits.messages) socket.close(1008, "too many messages");
        else if (!binary && isPing(String(data))) say(client, { type: "pong" });
        else socket.close(1008, 'only {"type":"ping"} is understood');
      });
      say(client, { type: "hello", seq: end, viewers: clients.size });
      announceViewers();
      announceDigest();
      pump(client);
    },
    close() {
      closed = true;
      for (const timer of [stallTimer, pingTimer, accessTimer]) clearInterval(timer);
      clearTimeout(viewersTimer);
      clearTimeout(digestTimer);
      clearImmediate(pumping);
      for (const { socket } of clients) socket.close(1001, "the service stops");
    },
  };
}
