// Generated from operators/sextant/examples/gadget/machine.yaml by //operators/sextant; do not edit.
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
const contexts: fc.Arbitrary<Context> = fc.record({ ready: fc.boolean(), gone: fc.boolean(), nowMs: times });

const statuses = {
  Pending: statusesOf("Pending"),
  Creating: statusesOf("Creating", fc.record({ requestID: evidence("gadget", "requestID") })),
  Ready: statusesOf("Ready", fc.record({ requestID: evidence("gadget", "requestID") })),
  Failed: statusesOf("Failed", fc.record({ message: fc.string() })),
  Removing: statusesOf("Removing"),
  Removed: statusesOf("Removed"),
};

const edge = edgesOf<State, Context>(contexts);

const edges = [
  edge(
    "Pending",
    "Creating",
    "Order",
    fc.record({ requestID: evidence("gadget", "requestID") }),
    (state, params, ctx) => state.order(params, ctx),
  ),
  edge(
    "Creating",
    "Ready",
    "Complete",
    fc.record({}),
    (state, _params, ctx) => state.complete(ctx),
    guards.Creating_complete,
  ),
  edge("Pending", "Failed", "Fail", fc.record({ message: fc.string() }), (state, params, ctx) =>
    state.fail(params, ctx),
  ),
  edge("Creating", "Failed", "Fail", fc.record({ message: fc.string() }), (state, params, ctx) =>
    state.fail(params, ctx),
  ),
  edge("Failed", "Pending", "Retry", fc.record({}), (state, _params, ctx) => state.retry(ctx)),
  edge("Creating", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Ready", "Pending", "Respecify", fc.record({}), (state, _params, ctx) => state.respecify(ctx)),
  edge("Ready", "Pending", "Repair", fc.record({}), (state, _params, ctx) => state.repair(ctx)),
  edge("Pending", "Removing", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Creating", "Removing", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Ready", "Removing", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Failed", "Removing", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge(
    "Removing",
    "Removed",
    "Remove",
    fc.record({}),
    (state, _params, ctx) => state.remove(ctx),
    guards.Removing_remove,
  ),
  edge("Unknown", "Pending", "Restart", fc.record({}), (state, _params, ctx) => state.restart(ctx)),
  edge("Unknown", "Removing", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
];

const handlers: Handlers<string> = {
  Pending: ({ phase }) => phase,
  Creating: ({ phase }) => phase,
  Ready: ({ phase }) => phase,
  Failed: ({ phase }) => phase,
  Removing: ({ phase }) => phase,
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
