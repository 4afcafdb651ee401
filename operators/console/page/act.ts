import { useSyncExternalStore } from "react";
import type { Action } from "../actions.ts";

/** What the last action came to, for everybody to read. */
export interface Said {
  readonly tone: "done" | "refused";
  readonly text: string;
}

/** What went well is not said for longer than this; it stands among what happened. */
const SAID_MS = 5_000;

const ANSWER_MS = 15_000;

let said: Said | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const say = (next: Said | null) => {
  said = next;
  clearTimeout(timer);
  if (next?.tone === "done") timer = setTimeout(hush, SAID_MS);
  for (const listener of listeners) listener();
};

/** Asks for an action; what came of it is said by {@link useSaid}. @returns whether it was done */
export async function act(action: Action): Promise<boolean> {
  try {
    const answer = await fetch("./api/actions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(action),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    // nosemgrep: unchecked-json-cast -- the server that has served this page is of the same build
    const body = (await answer.json()) as { done?: string; error?: { message: string } };
    const isDone = answer.ok && body.done !== undefined;
    say({ tone: isDone ? "done" : "refused", text: body.done ?? body.error?.message ?? "It was refused." });
    return isDone;
  } catch {
    say({ tone: "refused", text: "The console does not answer. Is up still running?" });
    return false;
  }
}

/** Takes what was said away. */
export const hush = (): void => say(null);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What the last action came to; null when there is nothing to be said. */
export const useSaid = (): Said | null => useSyncExternalStore(subscribe, () => said);
