import { combinations, domainOf } from "../guards/domain.ts";
import { type Assignment, type Constants, type Formula, formulaOf, type Value } from "../guards/formula.ts";
import type { Field, Machine, State, Transition } from "../model.ts";

/** A moment in a run: what is recorded, and what exists outside. */
export interface Moment {
  readonly state: string;
  /** Values of the recorded fields that guards depend on. */
  readonly values: Assignment;
  /** What exists outside, sorted. */
  readonly things: readonly string[];
}

/** How one moment becomes the next. */
export type Cause = "taken" | "interrupted" | "failed" | "status lost";

/** One step of a run. */
export interface Step {
  readonly cause: Cause;
  readonly edge: Transition | undefined;
  readonly to: Moment;
}

/** What is explored at most. */
const LIMIT = 100_000;

/** A machine as a graph of moments. */
export class Graph {
  readonly machine: Machine;
  readonly #states: ReadonlyMap<string, State>;
  readonly #formulas = new Map<Transition, Formula>();
  readonly #constants: Constants = new Map();
  readonly #tracked = new Set<string>();
  readonly #openings = new Map<Transition, Map<string, readonly Assignment[]>>();
  readonly #context: ReadonlyMap<string, Field>;

  constructor(machine: Machine) {
    this.machine = machine;
    this.#states = new Map(machine.states.map((state) => [state.name, state]));
    this.#context = new Map(machine.context.map((field) => [`ctx.${field.name}`, field]));
    for (const edge of machine.transitions) {
      if (!edge.guard) continue;
      const formula = formulaOf(edge.guard.expression, this.#scope(edge), this.#constants);
      this.#formulas.set(edge, formula);
      for (const name of formula.variables) if (name.startsWith("from.")) this.#tracked.add(name.slice(5));
    }
    for (const [name, numbers] of this.#constants) this.#share(name, numbers);
  }

  /** A parameter becomes a field: what one is compared with matters to the other. */
  #share(name: string, numbers: ReadonlySet<number>): void {
    const [object, field] = name.split(".") as [string, string];
    if (object === "ctx") return;
    for (const other of [`from.${field}`, `params.${field}`])
      this.#constants.set(other, new Set([...(this.#constants.get(other) ?? []), ...numbers]));
  }

  state(name: string): State {
    return this.#states.get(name)!;
  }

  /** The guard of an edge, if it has one. */
  formula(edge: Transition): Formula | undefined {
    return this.#formulas.get(edge);
  }

  /** A new resource. */
  start(things: readonly string[] = []): Moment {
    const state = this.machine.states.find(({ initial }) => initial)!;
    const fields = this.#trackedOf(state).map((name): [string, Value] => [
      `from.${name}`,
      name === "attempts" ? 0 : undefined,
    ]);
    return { state: state.name, values: new Map(fields), things };
  }

  /**
   * Values of the parameters that are followed, for each choice of the world under which an edge can be taken at a
   * moment; none when its guard is false whatever the world does.
   */
  openings(edge: Transition, { values }: Moment): readonly Assignment[] {
    const known = this.#openings.get(edge) ?? new Map<string, readonly Assignment[]>();
    this.#openings.set(edge, known);
    const key = JSON.stringify([...values].map(([name, value]) => [name, value ?? null]));
    const found = known.get(key) ?? this.#find(edge, values);
    known.set(key, found);
    return found;
  }

  #find(edge: Transition, values: Assignment): readonly Assignment[] {
    const formula = this.formula(edge);
    const target = this.#trackedOf(this.state(edge.to));
    const followed = target.filter((name) => edge.params.some((param) => param.name === name));
    const names = followed.map((name) => `params.${name}`);
    const free = (formula?.variables ?? []).filter((name) => !values.has(name) && !names.includes(name));
    const domain = (name: string): readonly Value[] => this.#domain(name, edge);
    return [...combinations(names, domain)].flatMap((params) => {
      const fixed = new Map([...values, ...params]);
      for (const world of combinations(free, domain))
        if (!formula || formula.holds(new Map([...fixed, ...world]))) return [fixed];
      return [];
    });
  }

  /** How many choices of the world a guard depends on. */
  choices(edge: Transition): number {
    const names = this.formula(edge)?.variables ?? [];
    return names.reduce((product, name) => product * this.#domain(name, edge).length, 1);
  }

  /** Values under which the guards of two edges of one state are both true. */
  bothOpen(edge: Transition, other: Transition): Assignment | undefined {
    const [first, second] = [this.formula(edge)!, this.formula(other)!];
    const names = [...new Set([...first.variables, ...second.variables])];
    for (const values of combinations(names, (name) => this.#domain(name, edge, other)))
      if (first.holds(values) && second.holds(values)) return values;
    return undefined;
  }

  /** Values under which the guard of an edge is true and an expression is not. */
  escape(edge: Transition, expression: string): Assignment | undefined {
    return this.#compared(edge, expression, (open, holds) => open && !holds);
  }

  /** Values under which an expression is true and the guard of an edge is not. */
  refusal(edge: Transition, expression: string): Assignment | undefined {
    return this.#compared(edge, expression, (open, holds) => !open && holds);
  }

  #compared(
    edge: Transition,
    expression: string,
    wanted: (open: boolean, holds: boolean) => boolean,
  ): Assignment | undefined {
    const formula = this.formula(edge);
    const other = formulaOf(expression, this.#scope(edge), this.#constants);
    const names = [...new Set([...(formula?.variables ?? []), ...other.variables])];
    for (const values of combinations(names, (name) => this.#domain(name, edge)))
      if (wanted(formula?.holds(values) ?? true, other.holds(values))) return values;
    return undefined;
  }

  /** Every way on from a moment: each edge taken, interrupted after each of its effects, a failure, a status that is lost. */
  *steps(moment: Moment): Generator<Step> {
    for (const edge of this.machine.transitions) {
      if (edge.from !== moment.state) continue;
      for (const given of this.openings(edge, moment)) {
        const after = this.#effects(edge, moment.things);
        for (const things of after) yield { cause: "interrupted", edge, to: { ...moment, things } };
        yield { cause: "taken", edge, to: this.#target(edge, given, after.at(-1) ?? moment.things) };
      }
    }
    const attempts = moment.values.get("from.attempts");
    const more = this.#domain("from.attempts").find((value) => Number(value) > Number(attempts));
    if (attempts !== undefined && more !== undefined)
      yield {
        cause: "failed",
        edge: undefined,
        to: { ...moment, values: new Map([...moment.values, ["from.attempts", more]]) },
      };
    const { terminal, deletion } = this.state(moment.state);
    if (!(terminal && deletion)) yield { cause: "status lost", edge: undefined, to: this.start(moment.things) };
  }

  /** What exists after each effect of an edge, in their order. */
  #effects({ creates, removes }: Transition, before: readonly string[]): readonly (readonly string[])[] {
    const after: string[][] = [];
    let things = [...before];
    for (const thing of creates) after.push((things = [...new Set([...things, thing])].sort()));
    for (const thing of removes) after.push((things = things.filter((one) => one !== thing)));
    return after;
  }

  #target(edge: Transition, given: Assignment, things: readonly string[]): Moment {
    const values = this.#trackedOf(this.state(edge.to)).map((name): [string, Value] => {
      if (name === "attempts") return ["from.attempts", 0];
      const param = edge.params.some((one) => one.name === name);
      return [`from.${name}`, given.get(`${param ? "params" : "from"}.${name}`)];
    });
    return { state: edge.to, values: new Map(values), things };
  }

  #scope({ from, params }: Transition) {
    return { from: this.state(from).fields, params, ctx: this.machine.context };
  }

  #trackedOf({ fields }: State): string[] {
    const names = [...fields.map(({ name }) => name), "attempts"];
    return names.filter((name) => this.#tracked.has(name));
  }

  #domain(name: string, edge?: Transition, other?: Transition): readonly Value[] {
    if (name.startsWith("?")) return [false, true];
    const [object, plain] = name.split(".") as [string, string];
    const numbers = this.#constants.get(name) ?? [];
    if (plain === "attempts")
      return domainOf({ name: plain, type: { kind: "integer", optional: false }, at: { line: 1, column: 1 } }, numbers);
    const fields = object === "params" ? [...edge!.params, ...(other?.params ?? [])] : this.state(edge!.from).fields;
    const field = this.#context.get(name) ?? fields.find((one) => one.name === plain);
    return field ? domainOf(field, numbers) : [undefined];
  }
}

/** All moments that can come about from a new resource, each with the step that first led there. */
export class Explored {
  readonly moments = new Map<
    string,
    { readonly moment: Moment; readonly before: string | undefined; readonly step: Step | undefined }
  >();
  /** Moment → moments that lead there when the work goes on: edges without a trigger, taken. */
  readonly progressInto = new Map<string, Set<string>>();
  /** Edges that were taken at least once. */
  readonly taken = new Set<Transition>();
  readonly complete: boolean;

  constructor(graph: Graph) {
    const first = graph.start();
    this.moments.set(keyOf(first), { moment: first, before: undefined, step: undefined });
    for (const [key, { moment }] of this.moments) {
      if (this.moments.size > LIMIT) break;
      for (const step of graph.steps(moment)) {
        const next = keyOf(step.to);
        if (!this.moments.has(next)) this.moments.set(next, { moment: step.to, before: key, step });
        if (step.cause !== "taken" || step.edge === undefined) continue;
        this.taken.add(step.edge);
        if (step.edge.trigger === undefined) this.#note(next, key);
      }
    }
    this.complete = this.moments.size <= LIMIT;
  }

  /** The shortest run to a moment. */
  trace(key: string): readonly Step[] {
    const steps: Step[] = [];
    for (let at = this.moments.get(key); at?.step; at = this.moments.get(at.before!)) steps.unshift(at.step);
    return steps;
  }

  /** Moments from which the work can come to one of `goals`. */
  reaching(goals: Iterable<string>): ReadonlySet<string> {
    const found = new Set(goals);
    for (const key of found) for (const before of this.progressInto.get(key) ?? []) found.add(before);
    return found;
  }

  #note(to: string, from: string): void {
    const known = this.progressInto.get(to) ?? new Set();
    known.add(from);
    this.progressInto.set(to, known);
  }
}

/** A text that is the same for the same moment. */
export const keyOf = ({ state, values, things }: Moment): string =>
  JSON.stringify([state, [...values].map(([name, value]) => [name, value === undefined ? null : value]), things]);
