import assert from "node:assert/strict";
import test from "node:test";
import { findingsOf } from "./findings.ts";
import type { CoreMatch } from "./output.ts";

const at = (line: number, col: number): { line: number; col: number; offset: number } => ({ line, col, offset: 0 });

function match(line: number, col: number, more: Partial<CoreMatch> = {}): CoreMatch {
  const extra = { message: "m", severity: "ERROR", is_ignored: false };
  return { check_id: "r", path: "p", start: at(line, col), end: at(line, col + 3), extra, ...more };
}

const found = (text: string, ...matches: CoreMatch[]): ReturnType<typeof findingsOf> =>
  findingsOf(
    matches,
    (path) => `pkg/${path}`,
    () => text.split("\n"),
  );

test("columns count UTF-16 code units, where the engine counts bytes", () => {
  const [finding] = found("é€😀foo", match(1, 10));
  assert.deepEqual([finding?.start.column, finding?.end.column], [5, 8]);
});

test("findings stand in the order of the source, each once", () => {
  const findings = found("foo foo\nfoo", match(2, 1), match(1, 5), match(1, 1), match(1, 5));
  assert.deepEqual(
    findings.map(({ start }) => [start.line, start.column]),
    [
      [1, 1],
      [1, 5],
      [2, 1],
    ],
  );
});

test("a fingerprint stays when lines move and when white space differs", () => {
  const [before] = found("foo(1, 2)", match(1, 1));
  const [after] = found("\n\n   foo(1,  2)", match(3, 4));
  assert.equal(before?.fingerprint, after?.fingerprint);
  assert.match(before?.fingerprint ?? "", /^[0-9a-f]{32}$/);
});

test("a fingerprint tells rule, file, text and repetition apart", () => {
  const fingerprints = [
    ...found("foo\nfoo\nbar", match(1, 1), match(2, 1), match(3, 1)),
    ...found("foo", match(1, 1, { check_id: "other" }), match(1, 1, { path: "q" })),
  ].map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(fingerprints).size, 5);
});

test("a long match keeps its first lines", () => {
  const [finding] = found("a\nb\nc\nd\ne", { ...match(1, 1), end: at(5, 2) });
  assert.deepEqual(finding?.source, ["a", "b", "c"]);
});

test("tainted data is followed to its source", () => {
  const taint_source = ["CliLoc", [{ start: at(7, 1) }, "input()"]];
  const extra = { message: "m", severity: "ERROR", is_ignored: false, dataflow_trace: { taint_source } };
  assert.deepEqual(found("foo", match(1, 1, { extra }))[0]?.notes, ["the value comes from line 7: input()"]);
});
