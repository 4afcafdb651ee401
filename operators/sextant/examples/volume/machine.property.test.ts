// Generated from operators/sextant/examples/volume/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, edgesOf, statusesOf, takesEdge, times, type Trial, walks } from "#lib/machine/properties.ts";
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

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({
  quotaLeft: fc.integer(),
  nodeReady: fc.boolean(),
  tier: fc.constantFrom("fast", "cheap"),
  nowMs: times,
});

const statuses = {
  Pending: statusesOf("Pending", fc.record({ lastReason: fc.string() }, { requiredKeys: [] })),
  Ordered: statusesOf(
    "Ordered",
    fc.record({ orderID: evidence("volume", "orderID"), orderedAt: times.map(writeTime) }),
  ),
  Attaching: statusesOf(
    "Attaching",
    fc.record(
      { volumeID: evidence("storage", "volume"), sizeGiB: number, label: fc.string() },
      { requiredKeys: ["volumeID", "sizeGiB"] },
    ),
  ),
  Attached: statusesOf(
    "Attached",
    fc.record(
      { volumeID: evidence("storage", "volume"), sizeGiB: number, label: fc.string(), readOnly: fc.boolean() },
      { requiredKeys: ["volumeID", "sizeGiB", "readOnly"] },
    ),
  ),
  Failed: statusesOf(
    "Failed",
    fc.record(
      { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: times.map(writeTime) },
      { requiredKeys: ["lastReason", "wasAttached"] },
    ),
  ),
  GivenUp: statusesOf("GivenUp", fc.record({ lastReason: fc.string() })),
  Detaching: statusesOf("Detaching"),
  Releasing: statusesOf("Releasing"),
  Released: statusesOf("Released"),
};

const edge = edgesOf<State, Context>(contexts);

const edges = [
  edge(
    "Pending",
    "Ordered",
    "Order",
    fc.record({ orderID: evidence("volume", "orderID"), orderedAt: times }),
    (state, params, ctx) => state.order(params, ctx),
    guards.Pending_order,
  ),
  edge(
    "Ordered",
    "Attaching",
    "Receive",
    fc.record(
      { volumeID: evidence("storage", "volume"), sizeGiB: number, label: fc.string() },
      { requiredKeys: ["volumeID", "sizeGiB"] },
    ),
    (state, params, ctx) => state.receive(params, ctx),
  ),
  edge(
    "Attaching",
    "Attached",
    "Attach",
    fc.record({ readOnly: fc.boolean() }),
    (state, params, ctx) => state.attach(params, ctx),
    guards.Attaching_attach,
  ),
  edge(
    "Ordered",
    "Failed",
    "Expire",
    fc.record(
      { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: times },
      { requiredKeys: ["lastReason", "wasAttached"] },
    ),
    (state, params, ctx) => state.expire(params, ctx),
    guards.Ordered_expire,
  ),
  edge(
    "Pending",
    "Failed",
    "Fail",
    fc.record(
      { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: times },
      { requiredKeys: ["lastReason", "wasAttached"] },
    ),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "Ordered",
    "Failed",
    "Fail",
    fc.record(
      { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: times },
      { requiredKeys: ["lastReason", "wasAttached"] },
    ),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge(
    "Attaching",
    "Failed",
    "Fail",
    fc.record(
      { lastReason: fc.string(), wasAttached: fc.boolean(), retryAt: times },
      { requiredKeys: ["lastReason", "wasAttached"] },
    ),
    (state, params, ctx) => state.fail(params, ctx),
  ),
  edge("Failed", "Pending", "Retry", fc.record({}), (state, _params, ctx) => state.retry(ctx), guards.Failed_retry),
  edge("Failed", "GivenUp", "GiveUp", fc.record({}), (state, _params, ctx) => state.giveUp(ctx), guards.Failed_giveUp),
  edge(
    "Attached",
    "Pending",
    "Respecify",
    fc.record({ lastReason: fc.string() }, { requiredKeys: [] }),
    (state, params, ctx) => state.respecify(params, ctx),
  ),
  edge(
    "Failed",
    "Pending",
    "Respecify",
    fc.record({ lastReason: fc.string() }, { requiredKeys: [] }),
    (state, params, ctx) => state.respecify(params, ctx),
  ),
  edge(
    "GivenUp",
    "Pending",
    "Respecify",
    fc.record({ lastReason: fc.string() }, { requiredKeys: [] }),
    (state, params, ctx) => state.respecify(params, ctx),
  ),
  edge(
    "Attached",
    "Failed",
    "FindDetached",
    fc.record({ lastReason: fc.string(), wasAttached: fc.boolean() }),
    (state, params, ctx) => state.findDetached(params, ctx),
  ),
  edge("Pending", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Ordered", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Attaching", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Attached", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Failed", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("GivenUp", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
  edge("Detaching", "Releasing", "Detach", fc.record({}), (state, _params, ctx) => state.detach(ctx)),
  edge("Releasing", "Released", "Release", fc.record({}), (state, _params, ctx) => state.release(ctx)),
  edge("Unknown", "Pending", "Restart", fc.record({}), (state, _params, ctx) => state.restart(ctx)),
  edge("Unknown", "Detaching", "Delete", fc.record({}), (state, _params, ctx) => state.delete(ctx)),
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
