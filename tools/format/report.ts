import type { Failure, Summary } from "./format.ts";
import type { Generated } from "./generators.ts";

/** What to print and with which status to end. */
export interface Report {
  readonly out: readonly string[];
  readonly err: readonly string[];
  readonly status: 0 | 1;
}

/** Puts a summary into lines: one a changed file, one a failure, one at the end. `seconds` is how long it took. */
export function report(summary: Summary, check: boolean, seconds: number): Report {
  const { changes, failures, generated, explanations } = summary;
  const stale = generated.filter(({ kind }) => kind === "stale" || kind === "failed");
  const out = [
    ...explanations.map(([path, text]) => `${shown(path)}: ${text}`),
    ...generated.flatMap((one) => generatedLine(one)),
    ...changes.map(({ path, tool }) => `${check ? "not formatted" : "formatted"}  ${shown(path)} (${tool})`),
  ];
  const bad = failures.length > 0 || stale.length > 0 || (check && changes.length > 0);
  const counts = [
    count(summary.files, "file"),
    ...(generated.length > 0 ? [count(generated.length, "generator")] : []),
    `${changes.length} ${check ? "not formatted" : "formatted"}`,
    ...(stale.length > 0 ? [`${stale.length} not generated`] : []),
    ...(failures.length > 0 ? [count(failures.length, "error")] : []),
    `${summary.remembered} remembered`,
    `${summary.started} started`,
  ];
  out.push(`${counts.join(", ")}, in ${seconds.toFixed(2)} s`);
  if (generated.some((one) => one.kind === "ran" && one.changed.some(isBuildFile)))
    out.push(
      "BUILD files changed. Run ./bazel run //:format once more: what is generated from them is built before it starts.",
    );
  const err = [
    ...failures.map(failureLine),
    ...stale.map((one) => ("said" in one ? `${one.kind}  ${one.name}: ${one.said}` : one.name)),
    ...(check && (changes.length > 0 || stale.length > 0)
      ? ["Run ./bazel run //:format and commit what it changes."]
      : []),
  ];
  return { out, err, status: bad ? 1 : 0 };
}

/** A path as it can stand in a line: quoted as JSON when it has control characters. */
export function shown(path: string): string {
  return /\p{Cc}/u.test(path) ? JSON.stringify(path) : path;
}

function failureLine({ path, tool, line, column, message }: Failure): string {
  const place = [path === null ? [] : [shown(path)], line ?? [], column ?? []].flat().join(":");
  return `error  ${place === "" ? "" : `${place} `}(${tool}): ${message}`;
}

function isBuildFile(path: string): boolean {
  return /(^|\/)BUILD(\.bazel)?$/.test(path);
}

function generatedLine(one: Generated): string[] {
  switch (one.kind) {
    case "remembered":
    case "stale":
    case "failed":
      return [];
    case "fresh":
      return [`fresh  ${one.name}`];
    case "ran":
      return [
        `generated  ${one.name}: ${one.changed.length === 0 ? "nothing to change" : `${count(one.changed.length, "file")} changed`}`,
      ];
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
