/** A place in the YAML file; lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something that a person has to mend. */
export interface Problem extends Position {
  readonly file: string;
  /** What happened, what was expected, what to do. */
  readonly message: string;
}

/** What was written, and where. */
export interface Written<T> {
  readonly value: T;
  readonly at: Position;
}

/** The type of a field, a parameter or a part of the context. */
export type FieldType =
  | { readonly kind: "text" | "integer" | "number" | "boolean" | "time"; readonly optional: boolean }
  | { readonly kind: "evidence"; readonly api: string; readonly field: string; readonly optional: boolean }
  | { readonly kind: "enum"; readonly values: readonly string[]; readonly optional: boolean };

/** A field with a name. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly at: Position;
}

/** A state of the machine. */
export interface State {
  readonly name: string;
  readonly at: Position;
  readonly description: string;
  readonly initial: boolean;
  /** The goal: reconciliation is satisfied. */
  readonly terminal: boolean;
  readonly error: boolean;
  readonly deletion: boolean;
  /** When to look again, in milliseconds. */
  readonly requeueMs: number | undefined;
  /** How long a resource may stay before that is an alert, in milliseconds. */
  readonly expectedWithinMs: number | undefined;
  /** All fields, those of its groups first. */
  readonly fields: readonly Field[];
}

/** What makes a transition come about, other than the progress of the work. */
export type Trigger = "deletionTimestamp" | "specChange" | "drift";

/** A TypeScript expression over `from`, `params` and `ctx`. */
export interface Guard {
  /** The guard's name, or the action's where the expression stands at the transition. */
  readonly name: string;
  readonly description: string;
  readonly expression: string;
  /** The place of each character of the expression. */
  readonly place: (offset: number) => Position;
}

/** One edge from one state: a transition with several sources is several of these. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  readonly params: readonly Field[];
  readonly guard: Guard | undefined;
  readonly trigger: Trigger | undefined;
  readonly description: string;
  /** Things outside that exist once the action has been called. */
  readonly creates: readonly string[];
  /** Things outside that are gone once the action has been called. */
  readonly removes: readonly string[];
  readonly at: Position;
  readonly actionAt: Position;
}

/** What has to hold, as written under `properties`. */
export type Property = { readonly at: Position } & (
  | { readonly kind: "without"; readonly never: string; readonly without: string }
  | { readonly kind: "reaches"; readonly from: readonly string[]; readonly to: readonly string[] }
  | {
      readonly kind: "answers";
      readonly trigger: Trigger;
      readonly in: readonly string[];
      /** One of which an answer leads to; undefined: anywhere. */
      readonly to: readonly string[] | undefined;
    }
  | {
      readonly kind: "offers";
      readonly actions: readonly string[];
      readonly in: readonly string[];
      readonly to: readonly string[] | undefined;
      /** Where this is true they are open; undefined: in some moment. */
      readonly when: Guard | undefined;
    }
  | { readonly kind: "requires"; readonly by: "to" | "action"; readonly name: string; readonly guard: Guard }
);

/** Waiting times after failures; times in milliseconds. */
export interface ErrorHandling {
  readonly maxRetries: number;
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter: number;
}

/** A machine that was read and is well formed. */
export interface Machine {
  /** Path of the file as messages and headers have it. */
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly kind: string | undefined;
  readonly group: string | undefined;
  readonly version: string | undefined;
  /** Where the status stands in the resource. */
  readonly statusField: string;
  readonly context: readonly Field[];
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
  readonly properties: readonly Property[];
  readonly errorHandling: ErrorHandling;
}
