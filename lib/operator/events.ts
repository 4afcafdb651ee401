import type { KubeObject } from "./object.ts";

/** What happened to an object, for people (`kubectl describe`). */
export interface Occurrence {
  readonly type: "Normal" | "Warning";
  /** In UpperCamelCase, at most 128 characters: `RouteCreated`. */
  readonly reason: string;
  /** What the operator did or tried, in UpperCamelCase: `CreateRoute`. */
  readonly action: string;
  /** A sentence, cut at 1024 characters. */
  readonly note: string;
}

/** Tells people what happens to objects, by Events of events.k8s.io/v1. */
export interface Recorder {
  /**
   * Returns at once; the Event is written behind. Equal occurrences become one Event with a count; too many are dropped
   * and counted. Never throws.
   */
  event(object: KubeObject, occurrence: Occurrence): void;
}
