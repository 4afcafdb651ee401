import { left } from "#lib/machine/state.ts";

export const end = left;
