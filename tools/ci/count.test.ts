import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { countEvents } from "./count.ts";
import { parseEvents } from "./events.ts";
import { countCases } from "./junit.ts";
import { lastLine, report, tail } from "./report.ts";

/** The files in testdata are what Bazel 7.7.1 wrote for a small workspace, without the fields that are not read. */
const golden = (name: string) => readFileSync(join(import.meta.dirname, "testdata", `${name}.jsonl`), "utf8");

const generated = (
  verdict: string,
) => `<testsuites><testsuite name="t" tests="1"><testcase name="t">${verdict}</testcase>
  <system-out><![CDATA[<testcase name="printed"><failure/></testcase>]]></system-out></testsuite></testsuites>`;
const REPORTS: Readonly<Record<string, string>> = {
  cases:
    '<testsuite><testcase name="a &gt; b"/><testcase name="c"></testcase><testcase name="d" ></testcase><testcase name="e"><skipped/></testcase></testsuite>',
  failing_cases:
    '<testsuite><testcase name="good"/><testcase name="bad"><failure message="1 > 2">x</failure></testcase></testsuite>',
  crash: '<testsuite><testcase name="good"/></testsuite>',
  slow: generated('<error message="exited with error code 142"></error>'),
  plain: generated(""),
  flaky: generated(""),
};
const readUri = (uri: string) => {
  const [, target = "", file] = /TESTLOGS\/(\w+)\/(?:.*\/)?([^/]+)$/.exec(uri) ?? [];
  return file?.endsWith(".xml") ? (REPORTS[target] ?? null) : `log of ${target}`;
};
const count = (name: string, status: number) => countEvents(parseEvents(golden(name)), status, readUri);

test("a run with every kind of outcome: cases where they were reported, the target where not, broken builds as failures", () => {
  const tally = count("everything", 1);
  // passed: plain 1, cases 3, sharded 2 (no report), flaky 1, failing_cases 1, crash 1; skipped: a case and a target
  expect(tally).toMatchObject({ passed: 9, failed: 5, skipped: 2, testTargets: 7, cachedTargets: 0 });
  expect(tally.failures.map(({ label, what }) => `${label} ${what.split(":")[0]}`).sort()).toEqual([
    "//:broken was not built",
    "//:crash FAILED",
    "//:failing_cases FAILED",
    "//:needs_broken was not built",
    "//:slow TIMEOUT",
  ]);
});

test("a target that crashed after good cases fails although no case did", () => {
  const crash = count("everything", 1).failures.find(({ label }) => label === "//:crash");
  expect(crash).toMatchObject({ what: "FAILED", log: "file:///TESTLOGS/crash/test.log" });
});

test("cached tests count like any other, and it is said how many targets were cached", () => {
  expect(count("cached", 0)).toMatchObject({
    passed: 6,
    failed: 0,
    skipped: 1,
    testTargets: 3,
    cachedTargets: 3,
    failures: [],
  });
});

test("a target that cannot be analysed is a failure with its label", () => {
  const tally = count("analysis-failure", 1);
  expect(tally).toMatchObject({ passed: 1, failed: 1 });
  expect(tally.failures[0]).toMatchObject({ label: "//an:y", what: "was not built: ANALYSIS_FAILURE" });
});

test("a package that cannot be loaded is a failure although nothing ran", () => {
  const tally = count("loading-failure", 1);
  expect(tally.passed).toBe(0);
  expect(tally.failed).toBeGreaterThan(0);
  expect(tally.failures.at(-1)?.what).toContain("Package 'bad' contains errors");
});

test("a run without tests fails, also when Bazel says that all is well", () => {
  expect(count("no-tests", 4).failed).toBeGreaterThan(0);
  expect(
    countEvents(parseEvents('{"id":{},"finished":{"exitCode":{"name":"SUCCESS","code":0}}}'), 0, readUri),
  ).toMatchObject({
    failed: 1,
    failures: [{ what: "ran no test" }],
  });
});

test("a Bazel that dies, or writes nothing at all, is a failure", () => {
  expect(countEvents([], 37, readUri)).toMatchObject({
    passed: 0,
    failed: 1,
    failures: [{ label: "bazel", what: expect.stringContaining("status 37") }],
  });
  const torn = golden("cached").split("\n").slice(0, -3).join("\n") + '\n{"id":{"testSumm';
  const tally = countEvents(parseEvents(torn), 137, readUri);
  expect(tally.failures.at(-1)?.what).toMatch(/status 137 before the run was finished/);
});

test("a status that no target explains is a failure of its own", () => {
  expect(count("cached", 1).failures).toEqual([{ label: "bazel", what: "ended with status 1 (SUCCESS)", log: null }]);
});

test("reports: empty elements, attributes with a bracket, comments, and programs that wrote no case", () => {
  expect(countCases('<testcase name="a > b"/><!-- <testcase/> --><testcase><error/></testcase>')).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
  });
  expect(countCases("<testsuites></testsuites>")).toBeNull();
  expect(countCases("")).toBeNull();
});

test("the last line stands alone, and names what was skipped only when something was", () => {
  expect(lastLine(count("everything", 1))).toBe("9 passed, 5 failed, 2 skipped");
  const clean = { passed: 3, failed: 0, skipped: 0, testTargets: 1, cachedTargets: 0, failures: [] };
  expect(report(clean, () => null)).toBe("1 test target, 0 of them cached\n3 passed, 0 failed");
});

test("a failure is told with the end of its log", () => {
  const text = report(count("everything", 1), ({ log }) =>
    log === null ? null : "\x1b[31mexpected 1 to be 2\x1b[0m\n",
  );
  expect(text).toContain("FAILED //:failing_cases: FAILED\n    expected 1 to be 2\n");
  expect(text.split("\n").at(-1)).toBe("9 passed, 5 failed, 2 skipped");
  expect(tail(Array.from({ length: 50 }, (_, index) => `line ${index}`).join("\n"), 2)).toEqual([
    "… 48 lines before these",
    "line 48",
    "line 49",
  ]);
});
