// Generated from operators/sextant/examples/request/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, edgesOf, statusesOf, takesEdge, times, type Trial, walks } from "#lib/machine/properties.ts";
import { type Context, decodeStatus, encodeStatus, type Handlers, type State, TRANSITIONS, visit } from "./machine.ts";

const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({ nowMs: times });

const statuses = {
  Pending: statusesOf("Pending"),
  Creating: statusesOf("Creating", fc.record({ requestID: evidence("request", "requestID") })),
  Ready: statusesOf("Ready"),
};

const edge = edgesOf<State, Context>(contexts);

const edges = [
  edge(
    "Pending",
    "Creating",
    "StartCreation",
    fc.record({ requestID: evidence("request", "requestID") }),
    (state, params, ctx) => state.startCreation(params, ctx),
  ),
  edge("Creating", "Ready", "Complete", fc.record({}), (state, _params, ctx) => state.complete(ctx)),
  edge("Unknown", "Pending", "Restart", fc.record({}), (state, _params, ctx) => state.restart(ctx)),
];

const handlers: Handlers<string> = {
  Pending: ({ phase }) => phase,
  Creating: ({ phase }) => phase,
  Ready: ({ phase }) => phase,
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
