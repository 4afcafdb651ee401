import { get } from "node:http";
import { connect } from "node:net";

import type { PlannedPart } from "./part.ts";

const ATTEMPT_MS = 2_000;

function answersHttp(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: ATTEMPT_MS }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", () => resolve(false));
  });
}

function acceptsConnection(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", timeout: ATTEMPT_MS });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", () => settle(true));
    socket.on("timeout", () => settle(false));
    socket.on("error", () => settle(false));
  });
}

/** Asks a part once whether it is ready. */
export function isReady(ready: PlannedPart["ready"]): Promise<boolean> {
  return ready.kind === "http" ? answersHttp(ready.url) : acceptsConnection(ready.port);
}

/** Asks until the part is ready or the signal is aborted; true when it became ready. */
export async function untilReady(ready: PlannedPart["ready"], signal: AbortSignal): Promise<boolean> {
  for (let pause = 25; !signal.aborted; pause = Math.min(250, pause * 1.4)) {
    if (await isReady(ready)) return !signal.aborted;
    await pauseFor(pause, signal);
  }
  return false;
}

/** Waits for a time in milliseconds, or until the signal is aborted; never rejects. */
export function pauseFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}
