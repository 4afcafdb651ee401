import { Type } from "typebox";
import Value from "typebox/value";

import { type ServedSystem, ServedSystemSchema } from "#lib/schemas/front-door/systems.ts";
import { Host, LogLevel, port } from "#lib/service/variables.ts";

/** The environment of the front door. */
export const ConfigSchema = Type.Object({
  HOST: Host,
  PORT: port(8080),
  LOG_LEVEL: LogLevel,
  SYSTEMS: Type.String({ minLength: 2, description: "a JSON list of { name, title, about, site, api }" }),
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
    throw new Error("SYSTEMS is not JSON; expected a list of { name, title, about, site, api }.", { cause });
  }
  const List = Type.Array(ServedSystemSchema);
  if (Value.Check(List, value)) return value;
  const [first] = Value.Errors(List, value);
  throw new Error(
    `SYSTEMS is not a list of { name, title, about, site, api }: ${first?.instancePath || "the whole"} ${first?.message}.`,
  );
}
