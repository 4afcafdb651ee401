import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { machineMetrics } from "#lib/machine/metrics.ts";
import { kitMetrics } from "#lib/operator/metrics.ts";
import { validate } from "../compile.ts";
import type { Machine } from "../model.ts";
import { alertRules, emitAlerts, expectedMs } from "./alerts.ts";
import { emitDashboard, panels } from "./dashboard.ts";
import { formatted } from "./format.ts";

const volume = readFileSync("operators/sextant/examples/volume/machine.yaml", "utf8");

function machineOf(source: string): Machine {
  const result = validate("operators/volume/machine.yaml", source);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return result.machine;
}

const machine = machineOf(volume);
const expected = (name: string, of = machine) =>
  expectedMs(
    of,
    of.states.find((state) => state.name === name)!,
  );

/** Metrics as they are scraped: name → labels. */
async function metrics(): Promise<Map<string, Set<string>>> {
  const registry = new Registry();
  const observer = machineMetrics({ machine: "volume", phases: ["Pending", "Failed"], registry, nowMs: () => 2000 });
  const kit = kitMetrics(registry);
  kit.leader("volume", true);
  const state = (phase: string) => ({ phase, stateEnteredAt: 1000, attempts: 0, spent: false });
  observer.reconciled("a/b", "error", 1);
  observer.persisted("a/b", state("Pending"), { ...state("Failed"), stateEnteredAt: 1500 });
  observer.refused("a/b", "Pending", "Order", "affordable");
  observer.failed("a/b", "Pending", new Error("no"));
  const found = new Map<string, Set<string>>();
  for (const [, name, labels] of (await registry.metrics()).matchAll(/^([a-z_]+)(?:\{(.*)\})? /gm)) {
    const names = [...(labels ?? "").matchAll(/([a-z]+)=/g)].map(([, label]) => label!);
    found.set(name!, new Set([...(found.get(name!) ?? []), ...names]));
  }
  return found;
}

/** The metrics of an expression with the labels that it names: in its braces, and in the by and on around it. */
function named(expr: string): { metrics: readonly string[]; labels: readonly string[] } {
  const found = [...expr.matchAll(/\b((?:volume|leader)_[a-z_]+)(?:\{([^}]*)\})?/g)];
  const inside = found.flatMap(([, , labels]) => [...(labels ?? "").matchAll(/([a-z]+)=/g)].map(([, label]) => label!));
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/, */));
  return { metrics: found.map(([, name]) => name!), labels: [...inside, ...by] };
}

test("alerts and dashboard ask for metrics and labels that there are, and for nothing else", async () => {
  const known = await metrics();
  const expressions = [
    ...alertRules(machine).map(({ expr }) => expr),
    ...panels(machine).flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  expect(expressions.length).toBeGreaterThan(10);
  for (const expr of expressions) {
    const { metrics: names, labels } = named(expr);
    expect(names.length, expr).toBeGreaterThan(0);
    const own = names.filter((name) => name.startsWith("volume_"));
    for (const name of names) expect([...known.keys()], expr).toContain(name);
    for (const label of labels) expect([...own.flatMap((name) => [...known.get(name)!])], expr).toContain(label);
    expect(expr.split("(").length, expr).toBe(expr.split(")").length);
  }
});

test("a state is expected to be left after its retries or ten looks, an error after a quarter of an hour, or as the file says", () => {
  expect(expected("Ordered")).toBe(5 * 60_000);
  expect(expected("Pending")).toBe(10 * 60_000);
  expect(expected("Failed")).toBe(15 * 60_000);
  expect(expected("GivenUp")).toBe(0);
  expect(expected("Attached")).toBeUndefined();
  const said = machineOf(volume.replace("name: Ordered\n", "name: Ordered\n    expectedWithin: 90s\n"));
  expect(expected("Ordered", said)).toBe(90_000);
  expect(emitAlerts(said)).toMatch(/state=~"Ordered\|Unknown"\} unless [^>]*> 90\n/);
  expect(
    validate("m.yaml", volume.replace("name: Attached\n", "name: Attached\n    expectedWithin: 90s\n")),
  ).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining(`"Attached" is terminal and has expectedWithin`) }],
  });
});

test("the rules of a machine", async () => {
  const text = await formatted(emitAlerts(machine), "yaml");
  expect(text).toMatchInlineSnapshot(`
    "# Generated from operators/volume/machine.yaml by //operators/sextant; do not edit.
    groups:
      - name: volume
        rules:
          - alert: VolumeStuck
            expr: max by (namespace, name, state) (volume_resource_state_age_seconds{state=~"Ordered|Attaching|Detaching|Releasing|Unknown"} unless on (instance) leader_election_master_status == 0) > 300
            for: 1m
            labels:
              severity: warning
              machine: volume
            annotations:
              summary: A volume is stuck.
              description: volume {{ $labels.namespace }}/{{ $labels.name }} has been in {{ $labels.state }} for {{ $value | humanizeDuration }}; expected at most 5m.
          - alert: VolumeStuck
            expr: max by (namespace, name, state) (volume_resource_state_age_seconds{state=~"Pending"} unless on (instance) leader_election_master_status == 0) > 600
            for: 1m
            labels:
              severity: warning
              machine: volume
            annotations:
              summary: A volume is stuck.
              description: volume {{ $labels.namespace }}/{{ $labels.name }} has been in {{ $labels.state }} for {{ $value | humanizeDuration }}; expected at most 10m.
          - alert: VolumeGivenUp
            expr: max by (namespace, name, state) (max_over_time(volume_resource_state{state=~"GivenUp"}[5m]) unless on (instance) leader_election_master_status == 0) == 1
            for: 0s
            labels:
              severity: warning
              machine: volume
            annotations:
              summary: A volume was given up.
              description: volume {{ $labels.namespace }}/{{ $labels.name }} is in {{ $labels.state }}, which only a change of it or its deletion leads out of; its status says why.
          - alert: VolumeFailing
            expr: max by (namespace, name, state) (max_over_time(volume_resource_state{state=~"Failed"}[5m]) unless on (instance) leader_election_master_status == 0) == 1
            for: 15m
            labels:
              severity: warning
              machine: volume
            annotations:
              summary: A volume fails again and again.
              description: volume {{ $labels.namespace }}/{{ $labels.name }} has been in {{ $labels.state }}, or soon back in it, for 15m; its status says why.
          - alert: VolumeRefused
            expr: sum by (state, guard) (increase(volume_refused_total[1h])) > 10 * (1 + scalar(sum(increase(volume_transitions_total[1h])) or vector(0)))
            for: 30m
            labels:
              severity: info
              machine: volume
            annotations:
              summary: The guard {{ $labels.guard }} of volume refuses over and over.
              description: In {{ $labels.state }} it refused {{ $value | humanize }} times in an hour, more than ten times as often as anything went on; what it waits for does not come about.
          - alert: VolumeReconcileErrors
            expr: sum(rate(volume_reconcile_total{result="error"}[15m])) > 0.1 * sum(rate(volume_reconcile_total[15m]))
            for: 15m
            labels:
              severity: warning
              machine: volume
            annotations:
              summary: Reconciliations of volume fail.
              description: More than one in ten has failed for 15m; the operator's log says why.
    "
  `);
  expect(Object.keys(parse(text) as object)).toEqual(["groups"]);
});

test("every state that can be stuck is watched by one rule, and every error by one", () => {
  const watched = alertRules(machine).flatMap(({ expr }) => /state=~"([^"]*)"/.exec(expr)?.[1]?.split("|") ?? []);
  const wanted = machine.states.filter(({ terminal, error }) => error || !terminal).map(({ name }) => name);
  expect(watched.sort()).toEqual([...wanted, "Unknown"].sort());
});

test("the dashboard has a panel for each of the machine's metrics, none upon another", async () => {
  const { panels: all } = emitDashboard(machine) as { panels: { gridPos: object; targets: { expr: string }[] }[] };
  expect(new Set(all.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(all.length);
  const shown = all.flatMap(({ targets }) => targets.flatMap(({ expr }) => named(expr).metrics));
  const own = [...(await metrics()).keys()].filter((name) => name.startsWith("volume_") && !/_(sum|count)$/.test(name));
  expect(own.filter((name) => name !== "volume_resource_state" && !shown.includes(name))).toEqual([]);
});
