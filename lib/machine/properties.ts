import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type AnyState, Refused, SpentStateError } from "./state.ts";

/** What an action is called with. */
export interface Input<Context> {
  readonly params: object;
  readonly ctx: Context;
}

/** A transition of generated code, to be tried. */
export interface Edge<State extends AnyState, Context> {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  readonly inputs: fc.Arbitrary<Input<Context>>;
  readonly take: (state: State, input: Input<Context>) => AnyState | Refused<string, string>;
  /** The guard, evaluated on its own. */
  readonly guard?: (state: State, input: Input<Context>) => boolean;
}

/** A generated machine, to be tried. */
export interface Trial<State extends AnyState, Context extends { readonly nowMs: number }> {
  readonly initial: string;
  readonly encode: (state: State) => unknown;
  readonly decode: (raw: unknown, nowMs: number) => State;
  /** The phase that `visit` hands the state to. */
  readonly visited: (state: State) => string;
  readonly failed: (state: State) => State | undefined;
  /** Valid statuses of each phase. */
  readonly statuses: Readonly<Record<string, fc.Arbitrary<unknown>>>;
  readonly edges: readonly Edge<State, Context>[];
}

/** A time, in milliseconds since the epoch, from 1970 to 2100. */
export const times = fc.integer({ min: 0, max: 4_102_444_800_000 });

/** Valid statuses of a phase with some fields. */
export function statusesOf(phase: string, fields: fc.Arbitrary<object> = fc.constant({})): fc.Arbitrary<object> {
  const stateEnteredAt = times.map((ms) => new Date(ms).toISOString());
  const attempts = fc.integer({ min: 1, max: 20 });
  const kept = fc.record(
    { phase: fc.constant(phase), stateEnteredAt, attempts },
    { requiredKeys: ["phase", "stateEnteredAt"] },
  );
  return fc.tuple(kept, fields).map(([common, own]) => ({ ...common, ...own }));
}

/** Makes edges of generated code: each function gets the state that it is for, and what it takes. */
export function edgesOf<State extends AnyState, Context>(contexts: fc.Arbitrary<Context>) {
  return <Phase extends State["phase"], Params extends object>(
    from: Phase,
    to: string,
    action: string,
    params: fc.Arbitrary<Params>,
    take: (state: Extract<State, { phase: Phase }>, params: Params, ctx: Context) => AnyState | Refused<string, string>,
    guard?: (state: Extract<State, { phase: Phase }>, params: Params, ctx: Context) => boolean,
  ): Edge<State, Context> => {
    const of =
      <T>(call: (state: Extract<State, { phase: Phase }>, params: Params, ctx: Context) => T) =>
      (state: State, input: Input<Context>): T => {
        strictEqual(state.phase, from);
        return call(state as Extract<State, { phase: Phase }>, input.params as Params, input.ctx);
      };
    const inputs = fc.record({ params, ctx: contexts });
    return { from, to, action, inputs, take: of(take), ...(guard ? { guard: of(guard) } : {}) };
  };
}

interface Model {
  phase: string;
}

interface Real<State> {
  state: State;
  /** What the resource's status holds. */
  persisted: unknown;
}

/**
 * Takes a transition from any state of its source, with any input: it ends in its target or is refused by its guard,
 * spends the state exactly then, and what it returns survives the way through the status.
 */
export function takesEdge<State extends AnyState, Context extends { readonly nowMs: number }>(
  trial: Trial<State, Context>,
  edge: Edge<State, Context>,
): void {
  const statuses = edge.from === "Unknown" ? fc.constant({ phase: "no phase" }) : trial.statuses[edge.from]!;
  fc.assert(
    fc.property(statuses, edge.inputs, (status, input) => void attempt(trial, edge, trial.decode(status, 0), input)),
  );
}

/**
 * Runs of the machine from a new resource, with crashes (the last status is read again) and failures in between: each
 * step is one that the table of transitions has.
 */
export function walks<State extends AnyState, Context extends { readonly nowMs: number }>(
  trial: Trial<State, Context>,
): void {
  const steps = trial.edges.map((edge) =>
    fc.tuple(edge.inputs, fc.boolean()).map(([input, crash]) => new Take(trial, edge, input, crash)),
  );
  const commands = fc.commands<Model, Real<State>>([...steps, fc.constant(new Fail(trial))], { maxCommands: 40 });
  const setup = () => ({
    model: { phase: trial.initial },
    real: { state: trial.decode(undefined, 0), persisted: undefined },
  });
  fc.assert(fc.property(commands, (run) => fc.modelRun(setup, run)));
}

/** Any status at all is read: as a state that is written back as it was, or as Unknown, which keeps it. */
export function decodesAnything<State extends AnyState, Context extends { readonly nowMs: number }>(
  trial: Trial<State, Context>,
): void {
  const valid = fc.oneof(...Object.values(trial.statuses));
  const edited = fc
    .tuple(valid, fc.string(), fc.jsonValue())
    .map(([status, key, value]) => ({ ...(status as object), [key]: value }));
  const wrong = fc
    .tuple(valid, fc.jsonValue())
    .chain(([status, value]) =>
      fc.constantFrom(...Object.keys(status as object)).map((key) => ({ ...(status as object), [key]: value })),
    );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        valid,
        edited,
        wrong,
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
      ),
      (raw) => {
        const state = trial.decode(raw, 1);
        strictEqual(trial.visited(state), state.phase);
        if (state.phase === "Unknown") strictEqual(trial.encode(state), raw);
        else deepStrictEqual(trial.decode(trial.encode(state), 2).phase, state.phase);
      },
    ),
  );
  fc.assert(
    fc.property(valid, (status) => deepStrictEqual(trial.encode(trial.decode(status, 1)), throughJson(status))),
  );
}

function attempt<State extends AnyState, Context extends { readonly nowMs: number }>(
  trial: Trial<State, Context>,
  edge: Edge<State, Context>,
  state: State,
  input: Input<Context>,
): State | undefined {
  strictEqual(state.phase, edge.from);
  const open = edge.guard?.(state, input) ?? true;
  const result = edge.take(state, input);
  strictEqual(result instanceof Refused, !open, `${edge.action}: taken if and only if its guard is true`);
  strictEqual(state.spent, open);
  if (result instanceof Refused) return undefined;
  strictEqual(result.phase, edge.to);
  strictEqual(result.stateEnteredAt, input.ctx.nowMs);
  strictEqual(result.attempts, 0);
  for (const [name, value] of Object.entries(result))
    if (value !== undefined && !["phase", "stateEnteredAt", "attempts"].includes(name))
      strictEqual(
        value,
        ({ ...state, ...input.params } as Record<string, unknown>)[name],
        `${name}: as given, or as before`,
      );
  throws(() => edge.take(state, input), SpentStateError);
  if (edge.from !== "Unknown") throws(() => trial.encode(state), SpentStateError);
  const next = result as unknown as State;
  const status = throughJson(trial.encode(next));
  const decoded = trial.decode(status, input.ctx.nowMs + 1);
  deepStrictEqual({ ...decoded }, { ...next }, "a state survives the way through the status");
  deepStrictEqual(trial.encode(decoded), status);
  strictEqual(trial.visited(next), edge.to);
  return next;
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

class Take<State extends AnyState, Context extends { readonly nowMs: number }> implements fc.Command<
  Model,
  Real<State>
> {
  readonly #trial: Trial<State, Context>;
  readonly #edge: Edge<State, Context>;
  readonly #input: Input<Context>;
  readonly #crash: boolean;

  constructor(trial: Trial<State, Context>, edge: Edge<State, Context>, input: Input<Context>, crash: boolean) {
    this.#trial = trial;
    this.#edge = edge;
    this.#input = input;
    this.#crash = crash;
  }

  check(model: Readonly<Model>): boolean {
    return model.phase === this.#edge.from;
  }

  run(model: Model, real: Real<State>): void {
    const next = attempt(this.#trial, this.#edge, real.state, this.#input);
    if (next === undefined) return;
    if (this.#crash) real.state = this.#trial.decode(real.persisted, 0);
    else {
      real.persisted = throughJson(this.#trial.encode(next));
      real.state = next;
      model.phase = this.#edge.to;
    }
    strictEqual(real.state.phase, model.phase);
  }

  toString(): string {
    return `${this.#edge.from}.${this.#edge.action}(${fc.stringify(this.#input)})${this.#crash ? ", then a crash" : ""}`;
  }
}

class Fail<State extends AnyState, Context extends { readonly nowMs: number }> implements fc.Command<
  Model,
  Real<State>
> {
  readonly #trial: Trial<State, Context>;

  constructor(trial: Trial<State, Context>) {
    this.#trial = trial;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, real: Real<State>): void {
    const { attempts, stateEnteredAt } = real.state;
    const before = real.state;
    const next = this.#trial.failed(before);
    if (next === undefined) return;
    ok(before.spent);
    deepStrictEqual([next.phase, next.attempts, next.stateEnteredAt], [model.phase, attempts + 1, stateEnteredAt]);
    real.state = next;
    real.persisted = throughJson(this.#trial.encode(next));
  }

  toString(): string {
    return "failed()";
  }
}
