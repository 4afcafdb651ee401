import { Type } from "typebox";

import { Host, LogLevel, port } from "#lib/service/variables.ts";

import type { ServedSystem } from "../part.ts";

/** The environment of the front door. SYSTEMS is the JSON of the systems that `up` serves. */
export const Config = Type.Object({
  HOST: Host,
  PORT: port(8080),
  LOG_LEVEL: LogLevel,
  SYSTEMS: Type.String({ minLength: 2, description: "a JSON list of systems, as tools/up/part.ts describes them" }),
});

/**
 * Reads SYSTEMS.
 * @throws Error that names what is wrong with it.
 */
export function parseSystems(text: string): readonly ServedSystem[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error("SYSTEMS is not JSON; expected a list of systems as tools/up hands it over.", { cause });
  }
  if (Array.isArray(value) && value.every(isSystem)) return value;
  throw new Error("SYSTEMS is not a list of { name, title, about, site, api }; expected it as tools/up hands it over.");
}

function isSystem(value: unknown): value is ServedSystem {
  if (typeof value !== "object" || value === null) return false;
  const { name, title, about, site, api } = value as Record<string, unknown>;
  const named = typeof name === "string" && /^[a-z][a-z0-9-]*$/.test(name);
  const described = typeof title === "string" && typeof about === "string";
  return (
    named && described && (site === null || typeof site === "string") && typeof api === "string" && URL.canParse(api)
  );
}
