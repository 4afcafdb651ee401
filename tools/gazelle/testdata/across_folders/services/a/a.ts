import { point } from "#lib/geo/point.ts";
import { b } from "../b/b.ts";

export const lazy = async () => [point, b, await import("#lib/geo/route.ts")];
