import { EXIT } from "./help.ts";
import type { Journal } from "./store.ts";

/** Writes how the journal stands. The exit status is that of an import which would end now. */
export function writeStatus(journal: Journal, limit: number, json: boolean, out: NodeJS.WritableStream): number {
  const [counts, reasons, problems] = [journal.counts(), journal.reasons(), journal.problems(limit)];
  if (json) out.write(`${JSON.stringify({ counts, reasons, problems })}\n`);
  else {
    for (const [state, count] of Object.entries(counts)) out.write(`${state.padEnd(10)} ${count}\n`);
    for (const [reason, count] of Object.entries(reasons)) out.write(`  aside for ${reason}: ${count}\n`);
    for (const { path, state, reason, message, attempts } of problems)
      out.write(`${state.padEnd(10)} ${path}: ${message} (${reason}, ${attempts} attempts)\n`);
  }
  if (counts.pending + counts.working > 0) return EXIT.later;
  return counts.aside > 0 ? EXIT.aside : EXIT.done;
}
