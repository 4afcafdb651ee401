// Generated from operators/sextant/examples/exposure/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, edgesOf, statusesOf, takesEdge, times, type Trial, walks } from "#lib/machine/properties.ts";
import {
  type Context,
  decodeStatus,
  encodeStatus,
  guards,
  type Handlers,
  type State,
  TRANSITIONS,
  visit,
} from "./machine.ts";

const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({ policyKnown: fc.boolean(), enabled: fc.boolean(), nowMs: times });

const statuses = {
  Pending: statusesOf("Pending"),
  CreatingDns: statusesOf("CreatingDns", fc.record({ recordID: evidence("dns.records", "id") })),
  CreatingApp: statusesOf(
    "CreatingApp",
    fc.record({ appID: evidence("access.apps", "id"), recordID: evidence("dns.records", "id") }),
  ),
  Ready: statusesOf(
    "Ready",
    fc.record({
      appID: evidence("access.apps", "id"),
      recordID: evidence("dns.records", "id"),
      configVersion: fc.integer(),
    }),
  ),
  Failed: statusesOf(
    "Failed",
    fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
  ),
  RemovingRoute: statusesOf("RemovingRoute"),
  RemovingApp: statusesOf("RemovingApp"),
  RemovingDns: statusesOf("RemovingDns"),
  Removed: statusesOf("Removed"),
};

const edge = edgesOf<State, Context>(contexts);

const edges = [
  edge(
    "Pending",
    "CreatingDns",
    "CreateRecord",
    fc.record({ recordID: evidence("dns.records", "id") }),
    (state, params, ctx) => state.createRecord(params, ctx),
  ),
  edge(
    "CreatingDns",
    "CreatingApp",
    "CreateApp",
    fc.record({ appID: evidence("access.apps", "id") }),
    (state, params, ctx) => state.createApp(params, ctx),
    guards.CreatingDns_createApp,
  ),
  edge(
    "CreatingApp",
    "Ready",
    "PublishRoute",
    fc.record({ configVersion: fc.integer() }),
    (state, params, ctx) => state.publishRoute(params, ctx),
    guards.CreatingApp_publishRoute,
  ),
  edge(
    "Pending",
    "Failed",
    "Fail",
    fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "CreatingDns",
    "Failed",
    "Fail",
    fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "CreatingApp",
    "Failed",
    "Fail",
    fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge("Failed", "Pending", "Retry", fc.record({}), (state, _params, ctx) => state.retry(ctx), guards.Failed_retry),
  edge("Ready", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Failed", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Ready", "Pending", "Repair", fc.record({}), (state, _params, ctx) => state.repair(ctx)),
  edge("Pending", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("CreatingDns", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("CreatingApp", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Ready", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Failed", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("RemovingRoute", "RemovingApp", "RemoveRoute", fc.record({}), (state, _params, ctx) => state.removeRoute(ctx)),
  edge("RemovingApp", "RemovingDns", "RemoveApp", fc.record({}), (state, _params, ctx) => state.removeApp(ctx)),
  edge("RemovingDns", "Removed", "RemoveRecord", fc.record({}), (state, _params, ctx) => state.removeRecord(ctx)),
  edge("Unknown", "Pending", "Restart", fc.record({}), (state, _params, ctx) => state.restart(ctx)),
  edge("Unknown", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
];

const handlers: Handlers<string> = {
  Pending: ({ phase }) => phase,
  CreatingDns: ({ phase }) => phase,
  CreatingApp: ({ phase }) => phase,
  Ready: ({ phase }) => phase,
  Failed: ({ phase }) => phase,
  RemovingRoute: ({ phase }) => phase,
  RemovingApp: ({ phase }) => phase,
  RemovingDns: ({ phase }) => phase,
  Removed: ({ phase }) => phase,
  Unknown: ({ phase }) => phase,
};

const trial: Trial<State, Context> = {
  initial: "Pending",
  encode: encodeStatus,
  decode: decodeStatus,
  visited: (state) => visit(state, handlers),
  failed: (state) => ("failed" in state ? state.failed() : undefined),
  statuses,
  edges,
};

test.each(edges)("$from → $to by $action is taken if and only if its guard allows it", (edge) =>
  takesEdge(trial, edge),
);

test("every run from a new resource follows the transitions, through crashes and failures", () => walks(trial));

test("any status is read, and a status of the machine is written back as it was", () => decodesAnything(trial));

test("every transition is tried", () =>
  expect(edges.map(({ from, to, action }) => ({ from, to, action }))).toEqual(
    TRANSITIONS.map(({ from, to, action }) => ({ from, to, action })),
  ));
