export { c } from "#lib/a/c.ts";
export * from "#lib/a/made.ts";
