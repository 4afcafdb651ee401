// Generated from operators/sextant/examples/exposure/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, type Edge, takesEdge, type Trial, walks } from "#lib/machine/properties.ts";
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

const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const stateEnteredAt = time.map((ms) => new Date(ms).toISOString());
const attempts = fc.integer({ min: 1, max: 20 });
const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({ policyKnown: fc.boolean(), enabled: fc.boolean(), nowMs: time });

const statuses = {
  Pending: fc.record(
    { phase: fc.constant("Pending"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  CreatingDns: fc.record(
    { phase: fc.constant("CreatingDns"), stateEnteredAt, attempts, recordID: evidence("dns.records", "id") },
    { requiredKeys: ["phase", "stateEnteredAt", "recordID"] },
  ),
  CreatingApp: fc.record(
    {
      phase: fc.constant("CreatingApp"),
      stateEnteredAt,
      attempts,
      appID: evidence("access.apps", "id"),
      recordID: evidence("dns.records", "id"),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "appID", "recordID"] },
  ),
  Ready: fc.record(
    {
      phase: fc.constant("Ready"),
      stateEnteredAt,
      attempts,
      appID: evidence("access.apps", "id"),
      recordID: evidence("dns.records", "id"),
      configVersion: fc.integer(),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "appID", "recordID", "configVersion"] },
  ),
  Failed: fc.record(
    {
      phase: fc.constant("Failed"),
      stateEnteredAt,
      attempts,
      reason: fc.constantFrom("policy", "quota", "other"),
      message: fc.string(),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "reason", "message"] },
  ),
  RemovingRoute: fc.record(
    { phase: fc.constant("RemovingRoute"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  RemovingApp: fc.record(
    { phase: fc.constant("RemovingApp"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  RemovingDns: fc.record(
    { phase: fc.constant("RemovingDns"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  Removed: fc.record(
    { phase: fc.constant("Removed"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
};

/** Hands a state to the code of one phase; another phase would be a fault of the test. */
function as<P extends State["phase"]>(state: State, phase: P): Extract<State, { phase: P }> {
  if (state.phase !== phase) throw new Error(`expected ${phase}, got ${state.phase}`);
  return state as Extract<State, { phase: P }>;
}

const edges: Edge<State, Context>[] = [
  {
    from: "Pending",
    to: "CreatingDns",
    action: "CreateRecord",
    inputs: fc.record({ params: fc.record({ recordID: evidence("dns.records", "id") }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Pending").createRecord(
        params as Parameters<Extract<State, { phase: "Pending" }>["createRecord"]>[0],
        ctx,
      ),
  },
  {
    from: "CreatingDns",
    to: "CreatingApp",
    action: "CreateApp",
    inputs: fc.record({ params: fc.record({ appID: evidence("access.apps", "id") }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "CreatingDns").createApp(
        params as Parameters<Extract<State, { phase: "CreatingDns" }>["createApp"]>[0],
        ctx,
      ),
    guard: (state, { params, ctx }) =>
      guards.CreatingDns_createApp(
        as(state, "CreatingDns"),
        params as Parameters<typeof guards.CreatingDns_createApp>[1],
        ctx,
      ),
  },
  {
    from: "CreatingApp",
    to: "Ready",
    action: "PublishRoute",
    inputs: fc.record({ params: fc.record({ configVersion: fc.integer() }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "CreatingApp").publishRoute(
        params as Parameters<Extract<State, { phase: "CreatingApp" }>["publishRoute"]>[0],
        ctx,
      ),
    guard: (state, { params, ctx }) =>
      guards.CreatingApp_publishRoute(
        as(state, "CreatingApp"),
        params as Parameters<typeof guards.CreatingApp_publishRoute>[1],
        ctx,
      ),
  },
  {
    from: "Pending",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Pending").fail(params as Parameters<Extract<State, { phase: "Pending" }>["fail"]>[0], ctx),
  },
  {
    from: "CreatingDns",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "CreatingDns").fail(params as Parameters<Extract<State, { phase: "CreatingDns" }>["fail"]>[0], ctx),
  },
  {
    from: "CreatingApp",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record({ reason: fc.constantFrom("policy", "quota", "other"), message: fc.string() }),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "CreatingApp").fail(params as Parameters<Extract<State, { phase: "CreatingApp" }>["fail"]>[0], ctx),
  },
  {
    from: "Failed",
    to: "Pending",
    action: "Retry",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Failed").retry(ctx),
    guard: (state, { params, ctx }) =>
      guards.Failed_retry(as(state, "Failed"), params as Parameters<typeof guards.Failed_retry>[1], ctx),
  },
  {
    from: "Ready",
    to: "Pending",
    action: "Respecify",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Ready").respecify(ctx),
  },
  {
    from: "Failed",
    to: "Pending",
    action: "Respecify",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Failed").respecify(ctx),
  },
  {
    from: "Ready",
    to: "Pending",
    action: "Repair",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Ready").repair(ctx),
  },
  {
    from: "Pending",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Pending").delete(ctx),
  },
  {
    from: "CreatingDns",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "CreatingDns").delete(ctx),
  },
  {
    from: "CreatingApp",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "CreatingApp").delete(ctx),
  },
  {
    from: "Ready",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Ready").delete(ctx),
  },
  {
    from: "Failed",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Failed").delete(ctx),
  },
  {
    from: "RemovingRoute",
    to: "RemovingApp",
    action: "RemoveRoute",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "RemovingRoute").removeRoute(ctx),
  },
  {
    from: "RemovingApp",
    to: "RemovingDns",
    action: "RemoveApp",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "RemovingApp").removeApp(ctx),
  },
  {
    from: "RemovingDns",
    to: "Removed",
    action: "RemoveRecord",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "RemovingDns").removeRecord(ctx),
  },
  {
    from: "Unknown",
    to: "Pending",
    action: "Restart",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Unknown").restart(ctx),
  },
  {
    from: "Unknown",
    to: "RemovingRoute",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Unknown").delete(ctx),
  },
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
