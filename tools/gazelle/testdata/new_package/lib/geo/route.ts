import { metres } from "./distance.ts";
import { readFileSync } from "node:fs";

export const route = [metres, readFileSync];
