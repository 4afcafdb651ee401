import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "#lib/testing/process.ts";
import { OUTPUTS } from "./compile.ts";
import { run } from "./run.ts";

const example = resolve("operators/sextant/examples/volume/machine.yaml");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sextant-run-"));
  mkdirSync(join(folder, "operators/volume"), { recursive: true });
  mkdirSync(join(folder, "operators/sextant"));
  writeFileSync(join(folder, "MODULE.bazel"), "");
  writeFileSync(join(folder, "operators/volume/machine.yaml"), readFileSync(example));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function sextant(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const status = await run(args, {
    workingDirectory: join(folder, "operators"),
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
  });
  return { status, out, err };
}

const generated = (): Record<string, string> => {
  const names = readdirSync(join(folder, "operators/volume")).filter((name) => name !== "machine.yaml");
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, "operators/volume", name), "utf8")]));
};

test("generate writes code, page and property tests beside the file, the same bytes each time", async () => {
  expect(await sextant("generate", ".")).toEqual({
    status: 0,
    out: OUTPUTS.map((ending) => `wrote operators/volume/machine${ending}\n`).join(""),
    err: "",
  });
  const first = generated();
  expect(Object.keys(first).sort()).toEqual(OUTPUTS.map((ending) => `machine${ending}`).sort());
  expect(first["machine.ts"]).toMatch(
    /^\/\/ Generated from operators\/volume\/machine\.yaml by \/\/operators\/sextant; do not edit\.\n/,
  );
  expect(await sextant("generate", "volume/machine.yaml")).toEqual({ status: 0, out: "", err: "" });
  rmSync(join(folder, "operators/volume/machine.ts"));
  await sextant("generate", "volume");
  expect(generated()).toEqual(first);
});

test("generate --check writes nothing, and fails while something is stale", async () => {
  expect(await sextant("generate", "--check", ".")).toMatchObject({
    status: 1,
    out: expect.stringContaining("stale operators/volume/machine.ts\n"),
  });
  expect(generated()).toEqual({});
  await sextant("generate", ".");
  expect(await sextant("generate", "--check", ".")).toEqual({ status: 0, out: "", err: "" });
});

test("a machine with problems is not generated; each problem is a line with its place", async () => {
  const path = join(folder, "operators/volume/machine.yaml");
  writeFileSync(
    path,
    readFileSync(path, "utf8").replace("to: Attached", "to: Atached").replace("trigger: drift", "triger: drift"),
  );
  const { status, out, err } = await sextant("generate", ".");
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(err).toMatch(
    /^operators\/volume\/machine\.yaml:\d+:\d+: there is no state "Atached"; did you mean "Attached"\?\n/,
  );
  expect(err).toMatch(
    /\noperators\/volume\/machine\.yaml:\d+:\d+: unknown key "triger" in transition; did you mean "trigger"\?\n/,
  );
  expect(generated()).toEqual({});
});

test("check says what was explored, mutate what is noticed", async () => {
  expect((await sextant("check", ".")).out).toMatch(
    /^operators\/volume\/machine\.yaml: 9 states, 21 transitions, \d+ moments: nothing wrong\n$/,
  );
  expect((await sextant("mutate", ".")).out).toMatch(/: (\d+) of \1 mutations are noticed\n$/);
  const path = join(folder, "operators/volume/machine.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/.*offers: \[Expire.*\n/, ""));
  expect(await sextant("mutate", ".")).toMatchObject({
    status: 1,
    err: expect.stringMatching(/nothing notices without Ordered → Failed by Expire/),
  });
});

test("diagram prints Mermaid", async () => {
  expect((await sextant("diagram", "volume")).out).toMatch(
    /^stateDiagram-v2\n {4}\[\*\] --> Pending\n {4}Pending --> Ordered: Order \[affordable\]\n/,
  );
});

test.each([
  [[], /expected one of new, validate, .* got nothing; see --help/],
  [["generat", "x"], /expected one of new, .* got generat;/],
  [["check"], /expected at least one file/],
  [["check", "--check", "volume"], /check: Unknown option '--check'; see sextant check --help/],
  [["check", "--nope"], /Unknown option '--nope'/],
  [["generate", "--check", "--watch", "volume"], /exclude each other/],
  [["alerts", "volume", "volume"], /alerts: expected one machine, got 2/],
  [["check", "sextant"], /expected a machine\.yaml in it or below; sextant new writes one/],
  [["check", "nowhere.yaml"], /nowhere\.yaml cannot be read: ENOENT/],
  [["check", "../MODULE.bazel"], /expected a file that ends in \.yaml/],
  [["schema", "volume"], /takes no file/],
])("%j cannot run: status 2, and what was expected", async (args, message) => {
  const { status, err } = await sextant(...args);
  expect(status).toBe(2);
  expect(err).toMatch(message);
});

test.each([[["--help"]], [["-h"]], [["help"]]])("%j says what there is", async (args) => {
  expect(await sextant(...args)).toMatchObject({ status: 0, out: expect.stringContaining("usage: sextant"), err: "" });
});

test("each command has its own help, with all of its options", async () => {
  const all = (await sextant("--help")).out;
  const commands = [...all.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name!);
  expect(commands).toContain("new");
  for (const command of commands) {
    const { status, out, err } = await sextant(command, "--help");
    expect([status, err], command).toEqual([0, ""]);
    expect(out).toMatch(new RegExp(`^usage: sextant ${command}\\b[^]*\\nstatus: 0`));
  }
  expect((await sextant("new", "--help")).out).toMatch(/--kind KIND .*\n *--group GROUP /);
});

test("--watch does it again at each change, says what is wrong, and ends with the signal", async () => {
  const path = join(folder, "operators/volume/machine.yaml");
  const good = readFileSync(path, "utf8");
  const ending = new AbortController();
  let [out, err] = ["", ""];
  const running = run(["generate", "--watch", "volume"], {
    workingDirectory: join(folder, "operators"),
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    signal: ending.signal,
  });
  await eventually("it is written", async () => out.includes("watching"));
  writeFileSync(path, good.replace("to: Attached", "to: Atached"));
  await eventually("it is wrong", async () => err.includes(`there is no state "Atached"`));
  writeFileSync(path, good.replace("name: Pending", "name: Waiting").replaceAll("Pending", "Waiting"));
  await eventually("it is written again", async () => generated()["machine.ts"]?.includes("class Waiting") === true);
  ending.abort();
  expect(await running).toBe(0);
});
