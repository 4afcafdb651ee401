import type { Failure, Tally } from "./count.ts";

/** The last line of a CI run, alone on its line: `N passed, N failed` and, when there are some, `, N skipped`. */
export const lastLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

/** The end of a log, as many lines as are worth reading; ANSI colours are taken out. */
export function tail(text: string, lines = 40): readonly string[] {
  const all = text
    .replace(/\x1b\[[0-9;]*m/g, "")
    .trimEnd()
    .split("\n");
  return all.length <= lines ? all : [`… ${all.length - lines} lines before these`, ...all.slice(-lines)];
}

/** Everything that a CI run says at its end: each failure with the end of its log, a summary, and the last line. */
export function report(tally: Tally, readLog: (failure: Failure) => string | null): string {
  const failures = tally.failures.flatMap((failure) => {
    const log = readLog(failure);
    return [
      `FAILED ${failure.label}: ${failure.what}`,
      ...(log === null ? [] : tail(log).map((line) => `    ${line}`)),
    ];
  });
  const targets = `${tally.testTargets} test target${tally.testTargets === 1 ? "" : "s"}, ${tally.cachedTargets} of them cached`;
  return [...failures, targets, lastLine(tally)].join("\n");
}
