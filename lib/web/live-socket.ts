import { backoffMs } from "./backoff.ts";

/** State of a live connection. All instants are ms since 1970; `since` is when the connection was lost or first tried. */
export type LiveStatus =
  | { readonly state: "connecting"; readonly since: number }
  | { readonly state: "live"; readonly since: number }
  | { readonly state: "waiting"; readonly since: number; readonly retryAt: number };

/** What a live connection needs to know of its protocol. */
export interface LiveSocketOptions<Message> {
  /** Where to connect to get every change after a sequence. */
  readonly url: (after: number) => string;
  /** The last sequence that is known already. */
  readonly after: number;
  /** The message in a text frame, or null for one that this client does not know. */
  readonly parse: (text: string) => Message | null;
  /** The sequence that a message brings, if it brings one. */
  readonly seqOf: (message: Message) => number | undefined;
  /** Sent when the line is silent; the server must answer something. */
  readonly ping: string;
  readonly onMessage: (message: Message) => void;
  readonly onStatus: (status: LiveStatus) => void;
}

/** A live connection. */
export interface LiveSocket {
  /** Does not wait for the next try. */
  readonly retry: () => void;
  readonly close: () => void;
}

const PING_MS = 15_000;
/** An open socket that says nothing for so long is taken for dead, pings included. */
const SILENCE_MS = 25_000;
const OPEN_MS = 10_000;

/**
 * A WebSocket that comes back by itself and goes on where it was: every connection asks for the changes after the last sequence seen.
 * It watches for silence, since a dead line often stays open, and tries at once when the browser comes online or the page is shown again.
 */
export function openLiveSocket<Message>(options: LiveSocketOptions<Message>): LiveSocket {
  let after = options.after;
  let failures = 0;
  let since = Date.now();
  let heardAt = 0;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;
  let closed = false;

  const drop = () => {
    clearTimeout(timer);
    clearInterval(watch);
    const old = socket;
    socket = undefined;
    if (old) old.onopen = old.onmessage = old.onclose = old.onerror = null;
    old?.close();
  };

  const lost = () => {
    drop();
    if (closed) return;
    const wait = backoffMs(failures, Math.random());
    failures += 1;
    timer = setTimeout(connect, wait);
    options.onStatus({ state: "waiting", since, retryAt: Date.now() + wait });
  };

  const opened = (line: WebSocket) => {
    clearTimeout(timer);
    heardAt = Date.now();
    options.onStatus({ state: "live", since: heardAt });
    watch = setInterval(() => {
      const silence = Date.now() - heardAt;
      if (silence > SILENCE_MS) disconnected();
      else if (silence > PING_MS - 1_000) line.send(options.ping);
    }, 5_000);
  };

  const disconnected = () => {
    since = Date.now();
    lost();
  };

  function connect(): void {
    drop();
    options.onStatus({ state: "connecting", since });
    const line = new WebSocket(options.url(after));
    let open = false;
    socket = line;
    timer = setTimeout(lost, OPEN_MS);
    line.onopen = () => {
      open = true;
      opened(line);
    };
    line.onclose = () => (open ? disconnected() : lost());
    line.onmessage = ({ data }) => {
      heardAt = Date.now();
      failures = 0;
      const message = typeof data === "string" ? options.parse(data) : null;
      if (message === null) return;
      after = Math.max(after, options.seqOf(message) ?? 0);
      options.onMessage(message);
    };
  }

  const retry = () => {
    if (closed || socket !== undefined) return;
    failures = 0;
    connect();
  };
  const shown = () => document.visibilityState === "visible" && retry();
  addEventListener("online", retry);
  document.addEventListener("visibilitychange", shown);
  connect();
  return {
    retry,
    close: () => {
      closed = true;
      drop();
      removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", shown);
    },
  };
}
