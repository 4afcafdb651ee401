// Generated from operators/sextant/examples/volume/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, type Edge, takesEdge, type Trial, walks } from "#lib/machine/properties.ts";
import { writeTime } from "#lib/machine/status.ts";
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
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const stateEnteredAt = time.map((ms) => new Date(ms).toISOString());
const attempts = fc.integer({ min: 1, max: 20 });
const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({
  quotaLeft: fc.integer(),
  nodeReady: fc.boolean(),
  tier: fc.constantFrom("fast", "cheap"),
  nowMs: time,
});

const statuses = {
  Pending: fc.record(
    { phase: fc.constant("Pending"), stateEnteredAt, attempts, lastReason: fc.string() },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  Ordered: fc.record(
    {
      phase: fc.constant("Ordered"),
      stateEnteredAt,
      attempts,
      orderID: evidence("volume", "orderID"),
      orderedAt: time.map(writeTime),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "orderID", "orderedAt"] },
  ),
  Attaching: fc.record(
    {
      phase: fc.constant("Attaching"),
      stateEnteredAt,
      attempts,
      volumeID: evidence("storage", "volume"),
      sizeGiB: number,
      label: fc.string(),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "volumeID", "sizeGiB"] },
  ),
  Attached: fc.record(
    {
      phase: fc.constant("Attached"),
      stateEnteredAt,
      attempts,
      volumeID: evidence("storage", "volume"),
      sizeGiB: number,
      label: fc.string(),
      readOnly: fc.boolean(),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "volumeID", "sizeGiB", "readOnly"] },
  ),
  Failed: fc.record(
    {
      phase: fc.constant("Failed"),
      stateEnteredAt,
      attempts,
      lastReason: fc.string(),
      wasAttached: fc.boolean(),
      retryAt: time.map(writeTime),
    },
    { requiredKeys: ["phase", "stateEnteredAt", "lastReason", "wasAttached"] },
  ),
  GivenUp: fc.record(
    { phase: fc.constant("GivenUp"), stateEnteredAt, attempts, lastReason: fc.string() },
    { requiredKeys: ["phase", "stateEnteredAt", "lastReason"] },
  ),
  Detaching: fc.record(
    { phase: fc.constant("Detaching"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  Releasing: fc.record(
    { phase: fc.constant("Releasing"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  Released: fc.record(
    { phase: fc.constant("Released"), stateEnteredAt, attempts },
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
    to: "Ordered",
    action: "Order",
    inputs: fc.record({
      params: fc.record({ orderID: evidence("volume", "orderID"), orderedAt: time }),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Pending").order(params as Parameters<Extract<State, { phase: "Pending" }>["order"]>[0], ctx),
    guard: (state, { params, ctx }) =>
      guards.Pending_order(as(state, "Pending"), params as Parameters<typeof guards.Pending_order>[1], ctx),
  },
  {
    from: "Ordered",
    to: "Attaching",
    action: "Receive",
    inputs: fc.record({
      params: fc.record(
        { volumeID: evidence("storage", "volume"), sizeGiB: number, label: fc.string() },
        { requiredKeys: ["volumeID", "sizeGiB"] },
      ),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Ordered").receive(params as Parameters<Extract<State, { phase: "Ordered" }>["receive"]>[0], ctx),
  },
  {
    from: "Attaching",
    to: "Attached",
    action: "Attach",
    inputs: fc.record({ params: fc.record({ readOnly: fc.boolean() }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Attaching").attach(params as Parameters<Extract<State, { phase: "Attaching" }>["attach"]>[0], ctx),
    guard: (state, { params, ctx }) =>
      guards.Attaching_attach(as(state, "Attaching"), params as Parameters<typeof guards.Attaching_attach>[1], ctx),
  },
  {
    from: "Ordered",
    to: "Failed",
    action: "Expire",
    inputs: fc.record({
      params: fc.record(
        { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: time },
        { requiredKeys: ["lastReason", "wasAttached"] },
      ),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Ordered").expire(params as Parameters<Extract<State, { phase: "Ordered" }>["expire"]>[0], ctx),
    guard: (state, { params, ctx }) =>
      guards.Ordered_expire(as(state, "Ordered"), params as Parameters<typeof guards.Ordered_expire>[1], ctx),
  },
  {
    from: "Pending",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record(
        { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: time },
        { requiredKeys: ["lastReason", "wasAttached"] },
      ),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Pending").fail(params as Parameters<Extract<State, { phase: "Pending" }>["fail"]>[0], ctx),
  },
  {
    from: "Ordered",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record(
        { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: time },
        { requiredKeys: ["lastReason", "wasAttached"] },
      ),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Ordered").fail(params as Parameters<Extract<State, { phase: "Ordered" }>["fail"]>[0], ctx),
  },
  {
    from: "Attaching",
    to: "Failed",
    action: "Fail",
    inputs: fc.record({
      params: fc.record(
        { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: time },
        { requiredKeys: ["lastReason", "wasAttached"] },
      ),
      ctx: contexts,
    }),
    take: (state, { params, ctx }) =>
      as(state, "Attaching").fail(params as Parameters<Extract<State, { phase: "Attaching" }>["fail"]>[0], ctx),
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
    from: "Failed",
    to: "GivenUp",
    action: "GiveUp",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Failed").giveUp(ctx),
    guard: (state, { params, ctx }) =>
      guards.Failed_giveUp(as(state, "Failed"), params as Parameters<typeof guards.Failed_giveUp>[1], ctx),
  },
  {
    from: "Attached",
    to: "Pending",
    action: "Respecify",
    inputs: fc.record({ params: fc.record({ lastReason: fc.string() }, { requiredKeys: [] }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Attached").respecify(params as Parameters<Extract<State, { phase: "Attached" }>["respecify"]>[0], ctx),
  },
  {
    from: "Failed",
    to: "Pending",
    action: "Respecify",
    inputs: fc.record({ params: fc.record({ lastReason: fc.string() }, { requiredKeys: [] }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Failed").respecify(params as Parameters<Extract<State, { phase: "Failed" }>["respecify"]>[0], ctx),
  },
  {
    from: "GivenUp",
    to: "Pending",
    action: "Respecify",
    inputs: fc.record({ params: fc.record({ lastReason: fc.string() }, { requiredKeys: [] }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "GivenUp").respecify(params as Parameters<Extract<State, { phase: "GivenUp" }>["respecify"]>[0], ctx),
  },
  {
    from: "Attached",
    to: "Failed",
    action: "FindDetached",
    inputs: fc.record({ params: fc.record({ lastReason: fc.string(), wasAttached: fc.boolean() }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Attached").findDetached(
        params as Parameters<Extract<State, { phase: "Attached" }>["findDetached"]>[0],
        ctx,
      ),
  },
  {
    from: "Pending",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Pending").delete(ctx),
  },
  {
    from: "Ordered",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Ordered").delete(ctx),
  },
  {
    from: "Attaching",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Attaching").delete(ctx),
  },
  {
    from: "Attached",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Attached").delete(ctx),
  },
  {
    from: "Failed",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Failed").delete(ctx),
  },
  {
    from: "GivenUp",
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "GivenUp").delete(ctx),
  },
  {
    from: "Detaching",
    to: "Releasing",
    action: "Detach",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Detaching").detach(ctx),
  },
  {
    from: "Releasing",
    to: "Released",
    action: "Release",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Releasing").release(ctx),
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
    to: "Detaching",
    action: "Delete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Unknown").delete(ctx),
  },
];

const handlers: Handlers<string> = {
  Pending: ({ phase }) => phase,
  Ordered: ({ phase }) => phase,
  Attaching: ({ phase }) => phase,
  Attached: ({ phase }) => phase,
  Failed: ({ phase }) => phase,
  GivenUp: ({ phase }) => phase,
  Detaching: ({ phase }) => phase,
  Releasing: ({ phase }) => phase,
  Released: ({ phase }) => phase,
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
