import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { mint } from "./evidence.ts";
import { machineMetrics } from "./metrics.ts";
import { observers } from "./observer.ts";
import { type AnyState, left, retryDelayMs } from "./state.ts";
import { readStatus, type StatusRules } from "./status.ts";

const rules = {
  Pending: { note: { kind: "text", optional: true } },
  Ready: {
    id: { kind: "identifier" },
    since: { kind: "time" },
    size: { kind: "number" },
    count: { kind: "integer" },
    on: { kind: "boolean" },
    mode: { kind: "enum", values: ["a", "b"] },
  },
} as const satisfies StatusRules;

const ready = {
  phase: "Ready",
  stateEnteredAt: "2026-01-02T03:04:05.678Z",
  id: "x",
  since: "2026-01-01T00:00:00Z",
  size: 1.5,
  count: 2,
  on: false,
  mode: "b",
};

test("a status is read with its times in milliseconds", () => {
  expect(readStatus(ready, rules)).toEqual({
    kind: "valid",
    phase: "Ready",
    stateEnteredAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    attempts: 0,
    fields: { id: "x", since: Date.UTC(2026, 0, 1), size: 1.5, count: 2, on: false, mode: "b" },
  });
});

test.each([undefined, null, {}])("%j is no status yet", (raw) => {
  expect(readStatus(raw, rules)).toEqual({ kind: "empty" });
});

test.each([
  [[], "expected an object, got a list"],
  ["Ready", `expected an object, got "Ready"`],
  [{ ...ready, phase: "Redy" }, `phase: expected one of Pending, Ready, got "Redy"`],
  [{ ...ready, phase: "constructor" }, `phase: expected one of Pending, Ready, got "constructor"`],
  [{ ...ready, stateEnteredAt: 5 }, "stateEnteredAt: expected a time (RFC 3339), got 5"],
  [
    { ...ready, stateEnteredAt: "2026-13-01T00:00:00Z" },
    `stateEnteredAt: expected a time (RFC 3339), got "2026-13-01T00:00:00Z"`,
  ],
  [{ ...ready, since: "2026-02-30T00:00:00Z" }, `since: expected a time (RFC 3339), got "2026-02-30T00:00:00Z"`],
  [{ ...ready, since: "2026-01-01T24:00:00Z" }, `since: expected a time (RFC 3339), got "2026-01-01T24:00:00Z"`],
  [{ ...ready, attempts: -1 }, "attempts: expected a whole number from 0, got -1"],
  [{ ...ready, id: "" }, `id: expected an identifier, got ""`],
  [{ ...ready, id: undefined }, "id: expected an identifier, got nothing"],
  [{ ...ready, since: "yesterday" }, `since: expected a time (RFC 3339), got "yesterday"`],
  [{ ...ready, size: Number.NaN }, "size: expected a number, got NaN"],
  [{ ...ready, count: 1.5 }, "count: expected a whole number, got 1.5"],
  [{ ...ready, on: "true" }, `on: expected true or false, got "true"`],
  [{ ...ready, mode: {} }, "mode: expected one of a, b, got an object"],
  [{ phase: "Pending", stateEnteredAt: ready.stateEnteredAt, note: 3 }, "note: expected a text, got 3"],
])("%j is invalid, with the reason", (raw, reason) => {
  expect(readStatus(raw, rules)).toEqual({ kind: "invalid", reason });
});

test("an answer without an identifier is no evidence", () => {
  expect(mint("dns", "id", "r1")).toBe("r1");
  expect(() => mint("dns", "id", "")).toThrow(`dns: expected "id" to be an identifier, got an empty text`);
  expect(() => mint("dns", "id", undefined)).toThrow("got undefined");
});

test("left() speaks only of a state that was left", () => {
  const state: AnyState = { phase: "Pending", stateEnteredAt: 0, attempts: 0, spent: false };
  expect(() => left(state)).toThrow("Pending: no transition was taken from it");
});

test("waiting grows by the factor to the maximum, with jitter to both sides, and ends after the retries", () => {
  const retries = { maxRetries: 4, initialMs: 1000, factor: 3, maxMs: 10_000, jitter: 0.1 };
  expect([1, 2, 3, 4, 5].map((attempts) => retryDelayMs(retries, attempts, 0.5))).toEqual([
    1000,
    3000,
    9000,
    10_000,
    undefined,
  ]);
  expect([0, 1].map((random) => retryDelayMs(retries, 1, random))).toEqual([900, 1100]);
});

function fixture() {
  const registry = new Registry();
  let now = 1_000_000;
  const observer = machineMetrics({
    machine: "volumes",
    phases: ["Pending", "Ready", "Unknown"],
    registry,
    nowMs: () => now,
  });
  const state = (phase: string, stateEnteredAt: number): AnyState => ({
    phase,
    stateEnteredAt,
    attempts: 0,
    spent: false,
  });
  const lines = async (name: string): Promise<string[]> =>
    (await registry.metrics())
      .split("\n")
      .filter((line) => line.startsWith(name))
      .sort();
  return { observer, state, lines, advance: (ms: number) => void (now += ms) };
}

test("time in a state is counted by what is persisted, also when another process saw the state begin", async () => {
  const { observer, state, lines, advance } = fixture();
  observer.persisted("home/a", undefined, state("Pending", 940_000));
  expect(await lines("volumes_resource_state_age_seconds")).toEqual([
    `volumes_resource_state_age_seconds{namespace="home",name="a",state="Pending"} 60`,
  ]);
  advance(20_000);
  observer.persisted("home/a", state("Pending", 940_000), state("Ready", 1_020_000));
  expect(await lines("volumes_state_duration_seconds_sum")).toEqual([
    `volumes_state_duration_seconds_sum{state="Pending"} 80`,
  ]);
  expect(await lines("volumes_state_duration_seconds_count")).toEqual([
    `volumes_state_duration_seconds_count{state="Pending"} 1`,
  ]);
  expect(await lines("volumes_transitions_total")).toEqual([`volumes_transitions_total{from="Pending",to="Ready"} 1`]);
});

test("a state that is persisted once more, after a failure, counts as no change", async () => {
  const { observer, state, lines } = fixture();
  observer.persisted("home/a", state("Pending", 5), { ...state("Pending", 5), attempts: 1 });
  expect(await lines("volumes_transitions_total{")).toEqual([]);
});

test("all series of a deleted resource are removed, those of others stay", async () => {
  const { observer, state, lines } = fixture();
  observer.persisted("home/a", undefined, state("Ready", 0));
  observer.persisted("home/b", undefined, state("Ready", 0));
  expect(await lines("volumes_resources{")).toContain(`volumes_resources{state="Ready"} 2`);
  observer.removed("home/a");
  expect((await lines("volumes_")).filter((line) => line.includes(`name="a"`))).toEqual([]);
  expect(await lines("volumes_resource_state{")).toEqual([
    `volumes_resource_state{namespace="home",name="b",state="Ready"} 1`,
  ]);
  expect(await lines("volumes_resources{")).toEqual([
    `volumes_resources{state="Pending"} 0`,
    `volumes_resources{state="Ready"} 1`,
    `volumes_resources{state="Unknown"} 0`,
  ]);
});

test("a resource has one state series at a time", async () => {
  const { observer, state, lines } = fixture();
  observer.persisted("home/a", undefined, state("Pending", 0));
  await lines("volumes_");
  observer.persisted("home/a", state("Pending", 0), state("Ready", 5));
  expect(await lines("volumes_resource_state{")).toEqual([
    `volumes_resource_state{namespace="home",name="a",state="Ready"} 1`,
  ]);
});

test("reconciliations, refusals and errors are counted, by every observer that is told", async () => {
  const { observer, lines } = fixture();
  const errors: unknown[] = [];
  const silent = { reconciled: () => {}, persisted: () => {}, refused: () => {}, removed: () => {} };
  const both = observers(observer, { ...silent, failed: (_key, _phase, error) => void errors.push(error) });
  both.reconciled("home/a", "requeue_after", 0.25);
  both.refused("home/a", "Pending", "Start", "affordable");
  both.failed("home/a", "Pending", "no quota");
  expect(await lines("volumes_reconcile_total")).toEqual([`volumes_reconcile_total{result="requeue_after"} 1`]);
  expect(await lines("volumes_reconcile_duration_seconds_sum")).toEqual([
    "volumes_reconcile_duration_seconds_sum 0.25",
  ]);
  expect(await lines("volumes_refused_total")).toEqual([`volumes_refused_total{state="Pending",guard="affordable"} 1`]);
  expect(await lines("volumes_errors_total")).toEqual([`volumes_errors_total{state="Pending"} 1`]);
  expect(errors).toEqual(["no quota"]);
});
