import type { Formatter, Job, Outcome } from "./model.ts";

const ROUNDS = 4;

/**
 * Runs a formatter over the jobs, and again over what it changed, until it leaves its own output alone.
 * Every reported content is one that the formatter accepts as it is; one that never settles is a failure.
 */
export async function settle(
  formatter: Formatter,
  jobs: readonly Job[],
  report: (path: string, outcome: Outcome) => void,
): Promise<void> {
  let pending = jobs;
  for (let round = 1; pending.length > 0; round++) {
    const given = new Map(pending.map((job) => [job.path, job.content]));
    const next: Job[] = [];
    await formatter.run(pending, (path, outcome) => {
      if (outcome.kind === "failed" || given.get(path)?.equals(outcome.content)) report(path, outcome);
      else if (round < ROUNDS) next.push({ path, content: outcome.content });
      else
        report(path, { kind: "failed", problems: [{ line: null, column: null, message: unsettled(formatter.name) }] });
    });
    pending = next;
  }
}

function unsettled(name: string): string {
  return `${name} changes its own output ${ROUNDS} times over; the file was left as it was. Rewrite the place that it moves.`;
}
