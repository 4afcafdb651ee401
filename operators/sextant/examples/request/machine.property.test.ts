// Generated from operators/sextant/examples/request/machine.yaml by //operators/sextant; do not edit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { mint } from "#lib/machine/evidence.ts";
import { decodesAnything, type Edge, takesEdge, type Trial, walks } from "#lib/machine/properties.ts";
import { type Context, decodeStatus, encodeStatus, type Handlers, type State, TRANSITIONS, visit } from "./machine.ts";

const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const stateEnteredAt = time.map((ms) => new Date(ms).toISOString());
const attempts = fc.integer({ min: 1, max: 20 });
const evidence = <A extends string, F extends string>(api: A, field: F) =>
  fc.string({ minLength: 1 }).map((value) => mint(api, field, value));
const contexts: fc.Arbitrary<Context> = fc.record({ nowMs: time });

const statuses = {
  Pending: fc.record(
    { phase: fc.constant("Pending"), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  ),
  Creating: fc.record(
    { phase: fc.constant("Creating"), stateEnteredAt, attempts, requestID: evidence("request", "requestID") },
    { requiredKeys: ["phase", "stateEnteredAt", "requestID"] },
  ),
  Ready: fc.record(
    { phase: fc.constant("Ready"), stateEnteredAt, attempts },
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
    to: "Creating",
    action: "StartCreation",
    inputs: fc.record({ params: fc.record({ requestID: evidence("request", "requestID") }), ctx: contexts }),
    take: (state, { params, ctx }) =>
      as(state, "Pending").startCreation(
        params as Parameters<Extract<State, { phase: "Pending" }>["startCreation"]>[0],
        ctx,
      ),
  },
  {
    from: "Creating",
    to: "Ready",
    action: "Complete",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Creating").complete(ctx),
  },
  {
    from: "Unknown",
    to: "Pending",
    action: "Restart",
    inputs: fc.record({ params: fc.record({}), ctx: contexts }),
    take: (state, { ctx }) => as(state, "Unknown").restart(ctx),
  },
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
