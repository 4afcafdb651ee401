import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Type } from "typebox";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError, loadConfig } from "./config.ts";
import { createHealth } from "./health.ts";
import { createHttpServer, HttpError, type HttpServer, listen } from "./http.ts";
import { createLogger, withoutCredentials } from "./logs.ts";
import { createMetrics } from "./metrics.ts";
import { backoffMs, untilSuccess } from "./retry.ts";
import { Host, LogLevel, port } from "./variables.ts";

const Config = Type.Object({
  HOST: Host,
  PORT: port(8080),
  LOG_LEVEL: LogLevel,
  KEY: Type.String({ minLength: 4, secret: true }),
  SHINY: Type.Optional(Type.Boolean()),
});

const problemsOf = (env: Record<string, string>) => {
  try {
    loadConfig(Config, env);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  throw new Error("expected a ConfigError");
};

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(process.env["TEST_TMPDIR"] ?? tmpdir(), "service-"))));
afterEach(() => rmSync(folder, { recursive: true }));

test("the environment becomes a frozen value with defaults and parsed numbers", () => {
  const config = loadConfig(Config, { PORT: "0", KEY: "secret", SHINY: "true", HOST: "" });
  expect(config).toEqual({ HOST: "127.0.0.1", PORT: 0, LOG_LEVEL: "info", KEY: "secret", SHINY: true });
  expect(Object.isFrozen(config)).toBe(true);
});

test("every wrong variable is named with its value and what was expected", () => {
  expect(problemsOf({ PORT: "http", LOG_LEVEL: "loud", SHINY: "yes" })).toEqual([
    'PORT is "http"; expected a whole number from 0 to 65535; default 8080.',
    'LOG_LEVEL is "loud"; expected one of fatal, error, warn, info, debug, trace, silent; default "info".',
    "KEY is not set; expected a text of at least 4 characters.",
    'SHINY is "yes"; expected true or false.',
  ]);
});

test("a secret can come from a file, and is never shown", () => {
  writeFileSync(path.join(folder, "key"), "from-file\n");
  expect(loadConfig(Config, { KEY_FILE: path.join(folder, "key") }).KEY).toBe("from-file");
  expect(problemsOf({ KEY: "abc" })).toEqual([
    "KEY is a secret that is not shown; expected a text of at least 4 characters.",
  ]);
  expect(problemsOf({ KEY: "abcd", KEY_FILE: "x" })).toEqual(["KEY and KEY_FILE are both set; expected one of them."]);
  expect(problemsOf({ KEY_FILE: path.join(folder, "absent") })[0]).toMatch(/^KEY_FILE is .*expected a readable file/);
});

test("log lines are JSON, and fields named like secrets are hidden", () => {
  const lines: string[] = [];
  const logger = createLogger({ name: "test" }, { write: (line) => void lines.push(line) });
  logger.info({ s3: { secretAccessKey: "hush" }, password: "hush", err: new Error("why") }, "hello");
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: "info",
    service: "test",
    s3: { secretAccessKey: "[hidden]" },
    password: "[hidden]",
    err: { message: "why" },
  });
  expect(withoutCredentials("nats://me:hush@host:4222")).toBe("nats://host:4222");
});

function serverWith(health = createHealth([])): HttpServer {
  const logger = createLogger({ name: "test", level: "silent" });
  return createHttpServer({ logger, health, metrics: createMetrics("test") });
}

test("a service is live at once, and ready when all of its parts are", async () => {
  const health = createHealth(["queue"]);
  const server = serverWith(health);
  expect((await server.inject("/healthz")).statusCode).toBe(200);
  const waiting = await server.inject("/readyz");
  expect([waiting.statusCode, waiting.json()]).toEqual([
    503,
    { status: "waiting", waiting: { queue: "has not started yet" } },
  ]);
  health.ready("queue");
  expect((await server.inject("/readyz")).statusCode).toBe(200);
  await server.close();
});

test("metrics are Prometheus text", async () => {
  const server = serverWith();
  const reply = await server.inject("/metrics");
  expect(reply.headers["content-type"]).toContain("text/plain");
  expect(reply.body).toContain('process_cpu_user_seconds_total{service="test"}');
  await server.close();
});

test("all errors have one shape, and a bug does not show its message", async () => {
  const server = serverWith();
  server.get("/bug", () => {
    throw new Error("internals");
  });
  server.get("/gone", () => {
    throw new HttpError(410, "gone", "It went.");
  });
  server.get(
    "/n",
    { schema: { querystring: Type.Object({ n: Type.Integer() }, { additionalProperties: false }) } },
    (r) => r.query.n + 1,
  );
  const answer = async (url: string) => {
    const { statusCode, body } = await server.inject(url);
    return [statusCode, JSON.parse(body)];
  };
  expect(await answer("/none?x")).toEqual([
    404,
    { error: { code: "not_found", message: "GET /none does not exist here." } },
  ]);
  expect(await answer("/bug")).toEqual([
    500,
    { error: { code: "internal", message: "The service failed; its log says why." } },
  ]);
  expect(await answer("/gone")).toEqual([410, { error: { code: "gone", message: "It went." } }]);
  expect(await answer("/n?n=x")).toMatchObject([400, { error: { code: "bad_request" } }]);
  expect(await answer("/n?n=1&m=2")).toMatchObject([400, { error: { code: "bad_request" } }]);
  expect((await server.inject("/n?n=1")).body).toBe("2");
  await server.close();
});

test("a taken port is named with what to do", async () => {
  const [first, second] = [serverWith(), serverWith()];
  const url = await listen(first, { HOST: "127.0.0.1", PORT: 0 });
  const PORT = Number(new URL(url).port);
  await expect(listen(second, { HOST: "127.0.0.1", PORT })).rejects.toThrow(`Port ${PORT} on 127.0.0.1 is taken`);
  await first.close();
  await second.close();
});

test("waits double up to a limit and are spread over their upper half", () => {
  expect([1, 2, 3, 4, 5].map((attempt) => backoffMs(attempt, 100, 1000, 1))).toEqual([100, 200, 400, 800, 1000]);
  expect(backoffMs(3, 100, 1000, 0)).toBe(200);
  expect(backoffMs(1e6, 100, 1000, 1)).toBe(1000);
});

test("work is tried until it succeeds, or until the signal ends it", async () => {
  let tries = 0;
  const failures: number[] = [];
  const onFailure = (_: Error, attempt: number) => void failures.push(attempt);
  const signal = new AbortController().signal;
  const work = async () => {
    if (++tries < 3) throw new Error("not yet");
    return "done";
  };
  expect(await untilSuccess(work, { signal, onFailure })).toBe("done");
  expect(failures).toEqual([1, 2]);
  const stopped = AbortSignal.timeout(50);
  const never = untilSuccess(() => Promise.reject(new Error("never")), { signal: stopped, onFailure: () => {} });
  expect(await never).toBeUndefined();
});
