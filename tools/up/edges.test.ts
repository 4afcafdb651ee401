import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";

import { readArgs } from "./args.ts";
import { ownRecord, takeLock } from "./lock.ts";
import { eachLine, openRotatingFile, readableLine, terminalLine } from "./logs.ts";
import { platform } from "./parts.ts";
import { describeTakenPorts, freeBasePort, holderOf, probePort } from "./ports.ts";
import { STEADY_MS, decideRestart } from "./restart.ts";
import { openScreen } from "./screen.ts";
import { diskMessage, openState, readSecrets, statePaths, writeClients } from "./state.ts";
import { paintFor, spoken, statusLine } from "./status.ts";

const scratch = () => mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "up-"));

test("restarts wait longer each time, up to ten seconds, and never end for a part that has been ready", () => {
  const delays = [1, 2, 3, 4, 20].map((quickEnds) => decideRestart({ wasReady: true, quickEnds }));
  expect(delays.map((decision) => decision.kind === "restart" && decision.delayMs)).toEqual([
    250, 500, 1000, 2000, 10_000,
  ]);
  expect(decideRestart({ wasReady: false, quickEnds: 2 }).kind).toBe("restart");
  expect(decideRestart({ wasReady: false, quickEnds: 3 }).kind).toBe("give-up");
  expect(STEADY_MS).toBeGreaterThan(10_000);
});

test("a log file is cut off at its size and keeps two older ones", () => {
  const path = join(scratch(), "part.log");
  const file = openRotatingFile(path, 20, 2);
  for (const line of ["first line 01", "second line 2", "third line 03", "fourth line 4"]) file.write(line);
  file.close();
  expect(readFileSync(path, "utf8")).toBe("fourth line 4\n");
  expect(readFileSync(`${path}.1`, "utf8")).toBe("third line 03\n");
  expect(readFileSync(`${path}.2`, "utf8")).toBe("second line 2\n");
  expect(existsSync(`${path}.3`)).toBe(false);
});

test("lines are whole although they come in pieces, split characters and missing ends included", async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  const bytes = Buffer.from("one\r\nzwö");
  stream.write(bytes.subarray(0, bytes.length - 1));
  stream.end(bytes.subarray(bytes.length - 1));
  await once(stream, "end");
  expect(lines).toEqual(["one", "zwö"]);
});

test("structured log lines read as sentences, and everything else stays as it is", () => {
  expect(readableLine('{"level":"info","time":"x","service":"a","msg":"listening","port":8083}')).toBe(
    "listening port=8083",
  );
  expect(readableLine('{"level":50,"msg":"lost","err":{"type":"Error","message":"gone"}}')).toBe(
    "error: lost err=gone",
  );
  expect(readableLine("[INF] Server is ready")).toBe("[INF] Server is ready");
  expect(readableLine("{not json}")).toBe("{not json}");
  expect(terminalLine('{"level":"info","msg":"listening","url":"http://127.0.0.1:8083"}')).toBe(
    "listening url=127.0.0.1:8083",
  );
});

test("a port is free, taken by a named process, and free again", async () => {
  const base = await freeBasePort([0, 1]);
  expect(await probePort(base)).toBe("free");
  const server = createServer().listen(base, "127.0.0.1");
  await once(server, "listening");
  expect(await probePort(base)).toBe("taken");
  expect(holderOf(base)?.pid).toBe(process.pid);
  server.close();
  await once(server, "close");
  expect(await probePort(base)).toBe("free");
});

test("the message for taken ports proposes a base that is a port", () => {
  const taken = [{ port: 65_000, part: "door", reason: "taken", holder: null }] as const;
  const proposed = Number(/--port (\d+)/.exec(describeTakenPorts(taken, 65_000, "//:up"))?.[1]);
  expect(proposed).toBeLessThan(60_000);
  expect(describeTakenPorts([{ port: 80, part: "door", reason: "forbidden", holder: null }], 80, "//:up")).toContain(
    "may not listen",
  );
});

test("a lock of a living process is respected; one of a process that is gone, or torn, is taken over", async () => {
  const path = join(scratch(), "up.lock");
  const first = await takeLock(path, ownRecord("run-1", null));
  expect(first).toMatchObject({ kind: "held", recovered: false });
  expect(await takeLock(path, ownRecord("run-2", null))).toEqual({ kind: "busy", pid: process.pid });
  writeFileSync(path, JSON.stringify({ pid: process.pid, started: "1", run: "old", warden: null }));
  expect(await takeLock(path, ownRecord("run-3", null))).toMatchObject({ kind: "held", recovered: true });
  writeFileSync(path, '{"pid": 12');
  expect(await takeLock(path, ownRecord("run-4", null))).toMatchObject({ kind: "held", recovered: true });
});

test("keys are made once, and a broken key file is not silently replaced", () => {
  const folder = join(scratch(), "state");
  openState(folder);
  const made = readSecrets(folder, "//:up");
  expect(made.s3.secretAccessKey.length).toBeGreaterThanOrEqual(32);
  expect(readSecrets(folder, "//:up")).toEqual(made);
  writeFileSync(join(folder, "credentials.json"), "{}");
  expect(() => readSecrets(folder, "//:up")).toThrow(/credentials\.json does not hold .* --reset/);
});

test("the keys of an older up stay, and what they lack is added", () => {
  const folder = join(scratch(), "state");
  openState(folder);
  const path = join(folder, "credentials.json");
  const s3 = { accessKeyId: "old", secretAccessKey: "kept" };
  writeFileSync(path, JSON.stringify({ s3 }));
  const first = readSecrets(folder, "//:up");
  expect(first.s3).toEqual(s3);
  expect(first.apiKey).toMatch(/^[\w-]{40}$/);
  expect(readSecrets(folder, "//:up")).toEqual(first);
});

test("what programs beside the platform are told is for their owner alone, and both Node and shells read it", () => {
  const folder = join(scratch(), "it's $HOME");
  openState(folder);
  const told = { NATS_URL: "nats://127.0.0.1:8084", STATE_DIR: "/my state/#1/$HOME" };
  for (const again of [false, true]) writeClients(folder, again ? told : { NATS_URL: "older" });
  const file = statePaths(folder).clients;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(parseEnv(readFileSync(file, "utf8"))).toEqual(told);
  expect(execFileSync("sh", ["-c", '. "$0"; echo "$STATE_DIR"', file], { encoding: "utf8" })).toBe(
    `${told.STATE_DIR}\n`,
  );
});

test("too little room on the disk is said before anything is written", () => {
  expect(diskMessage("/state", 10 * 1024 * 1024, 128 * 1024 * 1024)).toMatch(
    /\/state has 10 MB left, and up needs 128 MB/,
  );
  expect(diskMessage("/state", 1e12, 1)).toBeNull();
});

test("arguments: paths of programs count from the runfiles, the state from where the person stands", () => {
  const env = { BUILD_WORKSPACE_DIRECTORY: "/checkout", BUILD_WORKING_DIRECTORY: "/checkout/docs" };
  const read = (...argv: string[]) => readArgs(platform, argv, env, "/runfiles/_main");
  expect(read()).toMatchObject({ kind: "run", args: { port: 8080, state: "/checkout/.state", only: [] } });
  expect(
    read("--only", "nats, s3", "--only=trips-api", "--state", "here", "--program=nats=../tool/nats"),
  ).toMatchObject({
    args: {
      only: ["nats", "s3", "trips-api"],
      state: "/checkout/docs/here",
      programs: { nats: "/runfiles/tool/nats" },
    },
  });
  expect(read("--port", "80a")).toMatchObject({ kind: "wrong", message: expect.stringContaining('"80a"') });
  expect(read("--program", "nats")).toMatchObject({ kind: "wrong", message: expect.stringContaining("NAME=PATH") });
  expect(read("stray")).toMatchObject({ kind: "wrong", message: expect.stringContaining("stray") });
});

test("the status block is redrawn below the lines on a terminal, and is silent on a pipe", () => {
  const written: string[] = [];
  const screen = openScreen({ isTTY: true, write: (text) => written.push(text) });
  screen.status(["a", "b"]);
  screen.print("line");
  expect(written).toEqual(["a\nb\n", "\x1b[2A\r\x1b[Jline\na\nb\n"]);
  const plain: string[] = [];
  const pipe = openScreen({ write: (text) => plain.push(text) });
  pipe.status(["a"]);
  pipe.print("line");
  expect(plain).toEqual(["line\n"]);
});

test("a status line fits the terminal and says phase, time, restarts, reason and ports", () => {
  const part = {
    ...{ name: "nats", about: "events", after: [], command: [], env: {}, folder: "", folders: [] },
    ...{ ports: { client: 8084, monitor: 8085 }, ready: { kind: "tcp", port: 8084 } as const },
  };
  const state = { name: "nats", phase: "restarting", since: 0, restarts: 2, note: "it ended with status 3" } as const;
  const line = statusLine(part, state, 3_000, 200, 6, paintFor(false));
  expect(line).toBe("↻ nats    restarting 3.0 s, restarted 2× (it ended with status 3)  :8084 :8085  events");
  expect(statusLine(part, state, 3_000, 40, 6, paintFor(false)).length).toBeLessThanOrEqual(39);
  expect([400, 12_000, 180_000, 7_200_000].map(spoken)).toEqual(["0.4 s", "12 s", "3 min", "2 h"]);
});
