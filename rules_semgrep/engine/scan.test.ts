import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Report } from "./finding.ts";
import { newBaseline, scan, type Scan } from "./scan.ts";

const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "scan-"));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const rule = write(
  "rule.yaml",
  "rules: [{ id: r, message: m, severity: ERROR, languages: [typescript], pattern: a }]\n",
);
const source = write("a.ts", "a();\n");

const output = (more: object = {}): string =>
  JSON.stringify({
    version: "1",
    results: [],
    errors: [],
    skipped_rules: [],
    paths: { scanned: [source, source, source] },
    ...more,
  });

/** Scans with a program in place of semgrep-core: the ways in which one can end cannot be had from the real one at will. */
async function withCore(name: string, script: string, more: Partial<Scan> = {}): Promise<Report> {
  const core = write(`core-${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(core, 0o755);
  return scan({
    label: "//a:b",
    core,
    sources: [{ path: source, name: "a/a.ts" }],
    rules: [{ path: rule, name: "a/rule.yaml" }],
    excludeRules: [],
    severities: [],
    baseline: null,
    maxFileBytes: 1000,
    maxMemory: 100,
    ruleTimeout: 1,
    staleSilences: true,
    update: "",
    ...more,
  });
}

const faults = ({ faults: all }: Report): string[] =>
  all.map(({ file, line, rule: id, what, detail }) =>
    [file, line, id, what, detail].filter((part) => part !== undefined).join("|"),
  );

const saying = (text: string): string => `cat <<'END'\n${text}\nEND`;

test("an engine that takes every source and says nothing finds nothing", async () => {
  const report = await withCore("well", saying(output()));
  assert.deepEqual([faults(report), report.findings, report.scanned], [[], [], ["a/a.ts"]]);
});

test("a crash is a fault, with the signal", async () => {
  const [fault] = faults(await withCore("crash", "echo partial; kill -SEGV $$"));
  assert.match(fault ?? "", /the engine did not finish\|semgrep-core was killed by SIGSEGV/);
});

test("being killed points to memory", async () => {
  const { faults: all } = await withCore("killed", "kill -KILL $$");
  assert.match(all[0]?.advice ?? "", /out of memory/);
});

test("an exit status is a fault, also when the output says that all is well", async () => {
  const [fault] = faults(await withCore("status", `${saying(output())}\necho 'no libtree-sitter' >&2\nexit 127`));
  assert.match(fault ?? "", /semgrep-core exited with 127: no libtree-sitter/);
});

test("an engine that is not there is a fault", async () => {
  const [fault] = faults(await withCore("absent", "", { core: join(folder, "no-such-core") }));
  assert.match(fault ?? "", /semgrep-core did not start: spawn .*ENOENT/);
});

test("no output, half an output and another output are faults", async () => {
  const kinds = {
    empty: ["true", /it wrote nothing/],
    half: ["printf '{\"version\"'", /is not JSON/],
    other: ["echo '{}'", /expected version, results/],
    part: [saying('{"version":"1","results":[]}'), /expected version, results/],
  };
  for (const [name, [script, expected]] of Object.entries(kinds)) {
    const [fault] = faults(await withCore(name, String(script)));
    assert.match(fault ?? "", /the engine's output is not readable/);
    assert.match(fault ?? "", expected as RegExp);
  }
});

test("a source that the engine did not take, or took for one analyzer only, is a fault", async () => {
  for (const scanned of [[], [source], [source, source]]) {
    const [fault] = faults(await withCore("untaken", saying(output({ paths: { scanned } }))));
    assert.match(
      fault ?? "",
      new RegExp(`a/a.ts.source was not scanned.semgrep-core took it ${scanned.length} times, expected 3`),
    );
  }
});

test("every error of the engine is a fault, also one that it only warns of, with the names of file and rule", async () => {
  const location = { path: source, start: { line: 4, col: 1, offset: 0 } };
  const errors = [
    { error_type: "Timeout", severity: "warn", message: "", location, rule_id: "r" },
    { error_type: ["PartialParsing", []], severity: "info", message: "`)` was unexpected", location },
    { error_type: "Something new", severity: "info", message: "odd" },
  ];
  assert.deepEqual(faults(await withCore("errors", saying(output({ errors })))), [
    "Something new|odd",
    "a/a.ts|4|source parses only in part|`)` was unexpected",
    "a/a.ts|4|r|rule ran out of time|Timeout",
  ]);
});

test("a rule that the engine skipped is a fault", async () => {
  const skipped_rules = [{ rule_id: "r", details: "too new" }];
  assert.deepEqual(faults(await withCore("skipped", saying(output({ skipped_rules })))), [
    "r|rule was skipped|too new",
  ]);
});

test("a source that is absent or an empty folder is a fault", async () => {
  mkdirSync(join(folder, "empty"));
  const sources = ["absent.ts", "empty"].map((name) => ({ path: join(folder, name), name }));
  const report = await withCore("absent-source", saying(output({ paths: { scanned: [] } })), { sources });
  assert.deepEqual(faults(report), [
    "absent.ts|source was not scanned|it is not there",
    "empty|source was not scanned|the folder is empty",
  ]);
});

test("no baseline is written of a scan with faults", async () => {
  const report = await withCore("no-baseline", "exit 2");
  assert.throws(() => newBaseline(report), /no baseline was written/);
});
