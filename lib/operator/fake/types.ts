import type { Clock } from "../clock.ts";
import type { KubeServer, Patch, Resource } from "../api.ts";
import type { KubeObject, ObjectName } from "../object.ts";
import type { Call, FaultPlan } from "./faults.ts";

/** How a fake server behaves. */
export interface FakeOptions {
  readonly clock: Clock;
  /** Draws delays and what is missed. */
  readonly seed?: number;
  readonly faults?: FaultPlan;
  /** Events that the watch cache remembers of each kind; older versions are "Gone". 1000 unless told. */
  readonly history?: number;
  /** How long a continue token lives: 5 minutes unless told. */
  readonly continueMs?: number;
  /** Time between bookmarks on a watch: 60 s unless told. */
  readonly bookmarkMs?: number;
  /** Time that a call takes: 0 (no timer at all) unless told. */
  readonly latencyMs?: number;
}

/** An API server in process, on a clock: the same semantics as the real one, as far as the kit uses them. */
export interface FakeServer extends KubeServer {
  /** Calls made so far, without those of {@link FakeServer.user}. */
  readonly calls: number;
  /** Replaces the plan of faults. */
  setFaults(plan: FaultPlan): void;
  /** Is told of each call before it is done; returns a function that ends this. A listener that throws makes the caller's call throw: a crash. */
  onCall(listen: (call: Call) => void): () => void;
  /** Somebody else who uses the server: synchronous, never counted, never faulty. */
  readonly user: FakeUser;
}

/** Writes as people and other controllers make them. */
export interface FakeUser {
  get<T extends KubeObject>(resource: Resource, name: ObjectName): T | undefined;
  list<T extends KubeObject>(resource: Resource): readonly T[];
  create<T extends KubeObject>(resource: Resource, name: ObjectName, object: Patch): T;
  /** JSON merge patch. @throws Error when the object is not there */
  merge<T extends KubeObject>(resource: Resource, name: ObjectName, patch: Patch): T;
  /** Asks for deletion; finalizers hold it up. Nothing happens when the object is not there. */
  delete(resource: Resource, name: ObjectName): void;
  /** Breaks all running watches. */
  dropWatches(): void;
  /** Forgets all history: versions and continue tokens of before are "Gone". */
  forgetHistory(): void;
}
