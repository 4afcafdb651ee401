declare const recorded: unique symbol;
declare const fresh: unique symbol;

/**
 * An identifier that an API gave at some time, as it stands in a resource's status. A plain string is none, nor is the
 * identifier of another API or another field.
 */
export type Recorded<Api extends string, Field extends string> = string & {
  readonly [recorded]: readonly [Api, Field];
};

/**
 * An identifier that an API has just given: the proof that its call succeeded. It can be recorded; what was recorded is
 * no proof of a new call.
 */
export type Evidence<Api extends string, Field extends string> = Recorded<Api, Field> & { readonly [fresh]: true };

/**
 * Declares that `value` was just answered by an API. Only the adapter of that API calls it, where it reads the answer.
 * @throws TypeError when the answer holds no such identifier
 */
export function mint<Api extends string, Field extends string>(
  api: Api,
  field: Field,
  value: unknown,
): Evidence<Api, Field> {
  if (typeof value === "string" && value !== "") return value as Evidence<Api, Field>;
  throw new TypeError(
    `${api}: expected "${field}" to be an identifier, got ${value === "" ? "an empty text" : typeof value}`,
  );
}
