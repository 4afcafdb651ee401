import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

import { type Program, eventually } from "#lib/testing/process.ts";

import { type Platform, type StandIn, listens, pidsIn, runs, standInPlatform, untilSaid } from "./testdata/platform.ts";

const platforms: Platform[] = [];
const programs: Program[] = [];
const prepare = async (...standIns: StandIn[]) => {
  const platform = await standInPlatform(standIns);
  platforms.push(platform);
  return platform;
};
const start = (platform: Platform, ...flags: string[]) => {
  const program = platform.start(...flags);
  programs.push(program);
  return program;
};

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop("SIGKILL").catch(() => {})));
  for (const platform of platforms.splice(0)) {
    const pids = [...pidsIn(platform.journal(), "started"), ...pidsIn(platform.journal(), "forked")];
    await eventually("no process of the platform is left", () => !pids.some(runs));
    await platform.remove();
  }
});

const chain: StandIn[] = [
  { name: "store" },
  { name: "service", after: ["store"] },
  { name: "front-door", after: ["service"] },
];

test("it starts each part behind what it needs, prints one address, and stops in the reverse order", async () => {
  const platform = await prepare(...chain);
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  expect(platform.journal().map((line) => line.split(" ")[0])).toEqual(["store", "service", "front-door"]);
  expect(up.output().match(/https?:\/\/\S+/g)).toEqual([`http://localhost:${platform.port + 2}/`]);
  expect(up.output()).toMatch(/service +│ listening port=\d+/);

  expect(await up.stop("SIGINT")).toBe(0);
  const ended = platform.journal().filter((line) => line.includes("asked to stop"));
  expect(ended.map((line) => line.split(" ")[0])).toEqual(["front-door", "service", "store"]);
  expect(pidsIn(platform.journal(), "started").filter(runs)).toEqual([]);
  expect(up.output()).toContain("Everything has stopped.");
});

test("what a program beside the platform needs is written down before it is said, and only when its parts run", async () => {
  const platform = await prepare(...chain);
  const only = start(platform, "--only", "store");
  await untilSaid(only, "Ready in ");
  await only.stop("SIGINT");
  const file = join(platform.state, "clients.env");
  expect(existsSync(file)).toBe(false);

  const up = start(platform);
  await untilSaid(up, `Use it: use it --env ${file}`);
  const { apiKey } = JSON.parse(readFileSync(join(platform.state, "credentials.json"), "utf8")) as { apiKey: string };
  expect(readFileSync(file, "utf8")).toBe(
    `SERVICE='127.0.0.1:${platform.port + 1}'\nKEY='${apiKey}'\nSTATE_DIR='${platform.state}/clients'\nPORT='${platform.port + 3}'\n`,
  );
  expect(up.output()).not.toContain(apiKey);
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s stops everything too", async (signal) => {
  const platform = await prepare(...chain);
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  expect(await up.stop(signal)).toBe(0);
  expect(pidsIn(platform.journal(), "started").filter(runs)).toEqual([]);
});

test("--only starts the named part and what it needs", async () => {
  const platform = await prepare(...chain);
  const up = start(platform, "--only", "service");
  await untilSaid(up, "Ready in ");
  expect(platform.journal().map((line) => line.split(" ")[0])).toEqual(["store", "service"]);
});

test("a part that ends is started again, and the others go on", async () => {
  const platform = await prepare({ name: "store" }, { name: "service", after: ["store"] });
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  await fetch(`http://127.0.0.1:${platform.port + 1}/crash`).catch(() => {});
  await untilSaid(up, "service is started again: it ended with status 4");
  await eventually("the service listens again", () => listens(platform.port + 1));
  expect(platform.journal().filter((line) => line.startsWith("store started"))).toHaveLength(1);
  expect(platform.journal().filter((line) => line.startsWith("service started"))).toHaveLength(2);
});

test("a part that never becomes ready ends the start with its last words and leaves nothing running", async () => {
  const platform = await prepare({ name: "store" }, { name: "service", after: ["store"], env: { CRASH: "always" } });
  const up = start(platform);
  expect(await up.exited).toBe(1);
  expect(up.output()).toContain(
    "service could not be started: it ended with status 3, 3 times in a row before it was ready.",
  );
  expect(up.output()).toMatch(/up: .*\n {2}cannot open the frobnicator/);
  expect(up.output()).toContain(join(platform.state, "logs", "service.log"));
  expect(pidsIn(platform.journal(), "started").filter(runs)).toEqual([]);
});

test("a program that does not exist is named", async () => {
  const platform = await prepare({ name: "store" });
  const up = start(platform, `--program=store=${join(platform.folder, "absent")}`);
  expect(await up.exited).toBe(1);
  expect(up.output()).toMatch(/store could not be started: its program could not be started \(ENOENT: .*absent\)/);
});

test("processes that a part left behind are ended too, in its group or in a session of their own", async () => {
  const platform = await prepare(
    { name: "store", env: { FORK: "group" } },
    { name: "service", env: { FORK: "session" } },
  );
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  const forked = pidsIn(platform.journal(), "forked");
  expect(forked.filter(runs)).toHaveLength(2);
  void up.stop("SIGINT");
  await untilSaid(up, "stopping everything");
  expect(await up.stop("SIGINT")).toBe(0);
  expect(forked.filter(runs)).toEqual([]);
});

test("a second Ctrl-C ends a part that ignores the first one", async () => {
  const platform = await prepare({ name: "store", env: { STUBBORN: "1" } });
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  void up.stop("SIGINT");
  await eventually("the part was asked", () => platform.journal().some((line) => line.includes("asked to stop")));
  const before = Date.now();
  expect(await up.stop("SIGINT")).toBe(0);
  expect(Date.now() - before).toBeLessThan(4_000);
  expect(platform.journal().filter((line) => line.includes("asked to stop"))).toHaveLength(1);
});

test("kill -9 of up ends every part, also one that ignores SIGTERM and one in a session of its own", async () => {
  const platform = await prepare(
    { name: "store", env: { STUBBORN: "1" } },
    { name: "service", env: { FORK: "session" } },
  );
  const up = start(platform);
  await untilSaid(up, "Ready in ");
  const pids = [...pidsIn(platform.journal(), "started"), ...pidsIn(platform.journal(), "forked")];
  expect(pids.filter(runs)).toHaveLength(3);
  expect(await up.stop("SIGKILL")).toBe("SIGKILL");
  await eventually("every part has ended", () => !pids.some(runs));
});

test("kill -9 of the launcher stops everything; a shell that ends does not", async () => {
  const launched = await prepare({ name: "store" });
  const launcher = launched.startByLauncher("up_/up");
  programs.push(launcher);
  await untilSaid(launcher, "Ready in ");
  await launcher.stop("SIGKILL");
  await eventually("the part has ended", () => !pidsIn(launched.journal(), "started").some(runs));
  await eventually("the lock is released", () => !existsSync(join(launched.state, "up.lock")));

  const shelled = await prepare({ name: "store" });
  const shell = shelled.startByLauncher("some-script");
  await untilSaid(shell, "Ready in ");
  await shell.stop("SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(pidsIn(shelled.journal(), "started").filter(runs)).toHaveLength(1);
  const { pid } = JSON.parse(readFileSync(join(shelled.state, "up.lock"), "utf8")) as { pid: number };
  process.kill(pid, "SIGINT");
});

test("the next up after a kill -9 ends what was left, takes the lock over and starts", async () => {
  const platform = await prepare({ name: "store", env: { STUBBORN: "1" } });
  const first = start(platform);
  await untilSaid(first, "Ready in ");
  await first.stop("SIGKILL");
  const second = start(platform);
  await untilSaid(second, "Ready in ");
  expect(await second.stop("SIGKILL")).toBe("SIGKILL");
});

test("a second up with the same state says that one runs", async () => {
  const platform = await prepare({ name: "store" });
  const first = start(platform);
  await untilSaid(first, "Ready in ");
  const second = start(platform, "--port", "0");
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/up runs already with this state \(process \d+, .*state\)/);
  expect(await first.stop("SIGINT")).toBe(0);
  expect(existsSync(join(platform.state, "up.lock"))).toBe(false);
});

test("a taken port is named with its part, its holder and a way out, and nothing is started", async () => {
  const platform = await prepare(...chain);
  const holder = createServer().listen(platform.port + 1, "127.0.0.1");
  await once(holder, "listening");
  const up = start(platform);
  expect(await up.exited).toBe(1);
  expect(up.output()).toContain(`port ${platform.port + 1} (service): held by process ${process.pid} (`);
  expect(up.output()).toMatch(/\.\/bazel run \/\/:up -- --port \d+/);
  expect(platform.journal()).toEqual([]);
  holder.close();
});

test("state and keys stay, and --reset deletes them only when told so", async () => {
  const platform = await prepare({ name: "store" });
  const first = start(platform);
  await untilSaid(first, "Ready in ");
  writeFileSync(join(platform.state, "store", "kept"), "data");
  await first.stop("SIGINT");
  const keys = join(platform.state, "credentials.json");
  const before = readFileSync(keys, "utf8");
  expect(statSync(keys).mode & 0o777).toBe(0o600);

  const refused = start(platform, "--reset");
  expect(await refused.exited).toBe(1);
  expect(refused.output()).toContain("Add --yes");
  expect(existsSync(join(platform.state, "store", "kept"))).toBe(true);

  const second = start(platform, "--reset", "--yes");
  await untilSaid(second, "Ready in ");
  expect(existsSync(join(platform.state, "store", "kept"))).toBe(false);
  expect(readFileSync(keys, "utf8")).not.toBe(before);
});

test("a full disk ends everything with one message", async () => {
  const platform = await prepare({ name: "store" });
  const first = start(platform);
  await untilSaid(first, "Ready in ");
  await first.stop("SIGINT");
  const log = join(platform.state, "logs", "store.log");
  mkdirSync(join(platform.state, "logs"), { recursive: true });
  rmSync(log);
  symlinkSync("/dev/full", log);
  const second = start(platform);
  expect(await second.exited).toBe(1);
  expect(second.output().match(/The disk is full/g)).toHaveLength(1);
  expect(pidsIn(platform.journal(), "started").filter(runs)).toEqual([]);
});

test("a folder with other things in it is not taken for state", async () => {
  const platform = await prepare({ name: "store" });
  mkdirSync(platform.state);
  writeFileSync(join(platform.state, "thesis.txt"), "years of work");
  const up = start(platform, "--reset", "--yes");
  expect(await up.exited).toBe(1);
  expect(up.output()).toContain("holds thesis.txt and was not made by up");
  expect(readFileSync(join(platform.state, "thesis.txt"), "utf8")).toBe("years of work");
});

test("a wrong option and --help say what up understands", async () => {
  const platform = await prepare({ name: "store" });
  const wrong = start(platform, "--prot", "1");
  expect(await wrong.exited).toBe(2);
  expect(wrong.output()).toContain("--prot");
  const help = start(platform, "--help");
  expect(await help.exited).toBe(0);
  expect(help.output()).toContain("--only a,b");
});
