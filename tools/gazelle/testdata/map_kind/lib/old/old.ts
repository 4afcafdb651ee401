import { fresh } from "#lib/fresh/fresh.ts";

export { fresh };
