import type { Transition } from "../model.ts";
import type { Graph, Moment } from "./graph.ts";

/** Whether an edge can be taken at a moment, under some choice of the world. */
export const isOpen = (graph: Graph, edge: Transition, moment: Moment): boolean =>
  graph.openings(edge, moment).length > 0;
