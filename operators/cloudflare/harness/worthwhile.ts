import type { CallRecord, HarnessFault, PlannedFault, Subject } from "./types.ts";

/**
 * The faults of a kind among `kinds` that are worth a run of their own at a call: not those that change nothing at it,
 * and of those that lead to the same run only one. What is left out, with the reason that nothing is lost by it:
 *
 * - a crash before a call, where nothing has happened since the one before, which was a read: the same as before that one;
 *   or a write: the same as directly after it
 * - silence of the watches from a call on, where nothing has happened since the one before and no watch began: the same
 * - another leader by the harness after a read, where the next call is a read at once: whoever leads no longer can but read
 * - a late read of Cloudflare, where nothing has changed there for as long as reads may be late
 */
export function worthwhile(
  kinds: readonly HarnessFault[],
  calls: readonly CallRecord[],
  place: number,
  { election }: Subject,
): PlannedFault[] {
  const call = calls[place]!;
  const others = calls.filter(({ lease }) => !lease);
  const at = call.lease ? -1 : call.index;
  const before = others[at - 1];
  const after = others[at + 1];
  const changes = (kind: HarnessFault): boolean => {
    const { write, server, lease } = call;
    switch (kind) {
      case "crashBefore":
        return !follows(call, before);
      case "crash":
      case "timeoutAfterCommit":
        return write;
      case "lateCommit":
        return write && server === "cloudflare";
      case "stale":
        return !write && !lease && !(server === "cloudflare" && call.calm);
      case "missedEvent":
        return !lease && !(follows(call, before) && !before!.write && !/^(watch|list)/.test(before!.text));
      case "leaderChange":
        return election === "lease" || write || after === undefined || after.write || !follows(after, call);
      case "longPause":
      case "lateSend":
        return election === "lease";
    }
  };
  return kinds.filter(changes).map((kind) => ({ at: call.index, kind, ...(call.lease && { lease: true as const }) }));
}

/** Whether a process makes a call directly after another, before anything else happens. */
const follows = (call: CallRecord, before: CallRecord | undefined): boolean =>
  before !== undefined && call.atOnce && call.process === before.process;
