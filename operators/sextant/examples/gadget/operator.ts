import { type Controller, createController } from "#lib/operator/controller.ts";
import type { KubeServer } from "#lib/operator/api.ts";
import type { Surroundings } from "#lib/operator/options.ts";
import type { Observer } from "#lib/machine/observer.ts";
import type { Items } from "./api.ts";
import type { State } from "./machine.ts";
import { createReconcile } from "./reconcile.ts";
import { type Gadget, GADGETS } from "./resource.ts";

/** What the operator is made of. */
export interface OperatorOptions {
  readonly server: KubeServer;
  readonly items: Items;
  readonly observer: Observer<State>;
  readonly surroundings: Surroundings;
}

/** Makes the controller of Gadgets. Its own writes of the status are no reason to look again. */
export function createOperator({ server, items, observer, surroundings }: OperatorOptions): Controller<Gadget> {
  return createController<Gadget>(
    {
      name: "gadget",
      api: server.api<Gadget>(GADGETS),
      workers: 8,
      relevant: (before, after) => before?.metadata.generation !== after.metadata.generation,
      reconcile: createReconcile({ ...surroundings, items, observer }),
    },
    surroundings,
  );
}
