import type { Position } from "../model.ts";
import type { Explored, Graph } from "./graph.ts";

/** What the single checks work on. */
export interface Exploration {
  readonly graph: Graph;
  readonly explored: Explored;
  readonly problem: (at: Position, message: string, reached?: string) => void;
}
