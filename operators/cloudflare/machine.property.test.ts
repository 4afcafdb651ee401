// Generated from operators/cloudflare/machine.yaml by //operators/sextant; do not edit.
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
const contexts: fc.Arbitrary<Context> = fc.record({
  admitted: fc.boolean(),
  policyKnown: fc.boolean(),
  finalizer: fc.boolean(),
  clean: fc.boolean(),
  gone: fc.boolean(),
  nowMs: times,
});

const statuses = {
  Pending: statusesOf("Pending"),
  CreatingDNS: statusesOf("CreatingDNS", fc.record({ hostname: fc.string(), wish: fc.string() })),
  CreatingZTApp: statusesOf(
    "CreatingZTApp",
    fc.record({ hostname: fc.string(), wish: fc.string(), recordID: evidence("dns.records", "id") }),
  ),
  UpdatingConfig: statusesOf(
    "UpdatingConfig",
    fc.record({
      hostname: fc.string(),
      wish: fc.string(),
      recordID: evidence("dns.records", "id"),
      appID: evidence("access.apps", "id"),
      audience: evidence("access.apps", "aud"),
    }),
  ),
  Ready: statusesOf(
    "Ready",
    fc.record({
      hostname: fc.string(),
      wish: fc.string(),
      recordID: evidence("dns.records", "id"),
      appID: evidence("access.apps", "id"),
      audience: evidence("access.apps", "aud"),
      configVersion: fc.integer(),
    }),
  ),
  Failed: statusesOf(
    "Failed",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
  ),
  RemovingRoute: statusesOf("RemovingRoute"),
  RemovingZTApp: statusesOf("RemovingZTApp"),
  RemovingDNS: statusesOf("RemovingDNS"),
  Removed: statusesOf("Removed"),
};

const edge = edgesOf<State, Context>(contexts);

const edges = [
  edge(
    "Pending",
    "CreatingDNS",
    "Start",
    fc.record({ hostname: fc.string(), wish: fc.string() }),
    (state, params, ctx) => state.start(params, ctx),
    guards.Pending_start,
  ),
  edge(
    "CreatingDNS",
    "CreatingZTApp",
    "CreateRecord",
    fc.record({ recordID: evidence("dns.records", "id") }),
    (state, params, ctx) => state.createRecord(params, ctx),
    guards.CreatingDNS_createRecord,
  ),
  edge(
    "CreatingZTApp",
    "UpdatingConfig",
    "CreateApp",
    fc.record({ appID: evidence("access.apps", "id"), audience: evidence("access.apps", "aud") }),
    (state, params, ctx) => state.createApp(params, ctx),
    guards.CreatingZTApp_createApp,
  ),
  edge(
    "UpdatingConfig",
    "Ready",
    "PublishRoute",
    fc.record({ configVersion: fc.integer() }),
    (state, params, ctx) => state.publishRoute(params, ctx),
    guards.UpdatingConfig_publishRoute,
  ),
  edge(
    "Pending",
    "Failed",
    "Fail",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "CreatingDNS",
    "Failed",
    "Fail",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "CreatingZTApp",
    "Failed",
    "Fail",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "UpdatingConfig",
    "Failed",
    "Fail",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "Ready",
    "Failed",
    "Reject",
    fc.record({
      reason: fc.constantFrom("invalid", "policy", "conflict", "unowned", "unavailable"),
      message: fc.string(),
    }),
    (state, params, ctx) => state.reject(params, ctx),
  ),
  edge("Failed", "Pending", "Retry", fc.record({}), (state, _params, ctx) => state.retry(ctx), guards.Failed_retry),
  edge("CreatingDNS", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("CreatingZTApp", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("UpdatingConfig", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Ready", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Failed", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("CreatingZTApp", "Pending", "Repair", fc.record({}), (state, _params, ctx) => state.repair(ctx)),
  edge("UpdatingConfig", "Pending", "Repair", fc.record({}), (state, _params, ctx) => state.repair(ctx)),
  edge("Ready", "Pending", "Repair", fc.record({}), (state, _params, ctx) => state.repair(ctx)),
  edge("Pending", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("CreatingDNS", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("CreatingZTApp", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("UpdatingConfig", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Ready", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Failed", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("RemovingRoute", "RemovingZTApp", "RemoveRoute", fc.record({}), (state, _params, ctx) => state.removeRoute(ctx)),
  edge("RemovingZTApp", "RemovingDNS", "RemoveApp", fc.record({}), (state, _params, ctx) => state.removeApp(ctx)),
  edge(
    "RemovingDNS",
    "Removed",
    "RemoveRecord",
    fc.record({}),
    (state, _params, ctx) => state.removeRecord(ctx),
    guards.RemovingDNS_removeRecord,
  ),
  edge("Unknown", "Pending", "Restart", fc.record({}), (state, _params, ctx) => state.restart(ctx)),
  edge("Unknown", "RemovingRoute", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
];

const handlers: Handlers<string> = {
  Pending: ({ phase }) => phase,
  CreatingDNS: ({ phase }) => phase,
  CreatingZTApp: ({ phase }) => phase,
  UpdatingConfig: ({ phase }) => phase,
  Ready: ({ phase }) => phase,
  Failed: ({ phase }) => phase,
  RemovingRoute: ({ phase }) => phase,
  RemovingZTApp: ({ phase }) => phase,
  RemovingDNS: ({ phase }) => phase,
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
