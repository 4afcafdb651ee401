import { c } from "#lib/c/c.ts";

export { c };
