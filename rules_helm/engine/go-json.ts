/** A struct of Go: its fields in order; those that are undefined are left out. */
export class Struct {
  readonly fields: readonly (readonly [name: string, value: unknown])[];

  constructor(fields: readonly (readonly [name: string, value: unknown])[]) {
    this.fields = fields;
  }
}

/** JSON as Go's encoding/json writes it: maps sorted by key, `<`, `>`, `&` and two line separators escaped, no spaces. */
export function goJson(value: unknown): string {
  if (value instanceof Struct) return object(value.fields);
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return object(Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }
  return JSON.stringify(value ?? null).replaceAll(/[<>&\u2028\u2029]/g, escaped);
}

function object(fields: readonly (readonly [string, unknown])[]): string {
  const present = fields.filter(([, value]) => value !== undefined);
  return `{${present.map(([name, value]) => `${goJson(name)}:${goJson(value)}`).join(",")}}`;
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
