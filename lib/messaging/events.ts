import type { Static, TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { Messaging } from "./connection.ts";

/** What the server did with a publication: its sequence, and whether the id was there already. */
export interface Published {
  readonly seq: number;
  readonly duplicate: boolean;
}

/**
 * Publishes an event as JSON and waits until the stream has stored it.
 * A publication with the same `id` within the stream's duplicate window is stored once.
 *
 * @throws when the value does not fit the schema (a bug of the caller), or when no stream acknowledged in time.
 */
export async function publishEvent<Schema extends TSchema>(
  messaging: Messaging,
  event: { subject: string; id: string; schema: Schema; value: Static<Schema> },
): Promise<Published> {
  const problem = firstProblem(event.schema, event.value);
  if (problem) throw new Error(`The event for ${event.subject} does not fit its schema: ${problem}.`);
  const ack = await messaging.jetstream.publish(event.subject, JSON.stringify(event.value), {
    msgID: event.id,
    timeout: 3_000,
  });
  return { seq: ack.seq, duplicate: ack.duplicate };
}

/** The result of {@link decodeEvent}. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Parses the bytes of an event and checks them against its schema. Fields that the schema does not name are kept. */
export function decodeEvent<Schema extends TSchema>(schema: Schema, data: Uint8Array): Decoded<Static<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(data));
  } catch (error) {
    return { ok: false, problem: `it is not JSON (${(error as Error).message})` };
  }
  const problem = firstProblem(schema, value);
  return problem ? { ok: false, problem } : { ok: true, value: value as Static<Schema> };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const validators = new WeakMap<TSchema, Validator>();

function firstProblem(schema: TSchema, value: unknown): string | undefined {
  let validator = validators.get(schema);
  if (!validator) validators.set(schema, (validator = Compile(schema) as unknown as Validator));
  if (validator.Check(value)) return undefined;
  const [error] = validator.Errors(value);
  return error ? `${error.instancePath || "the value"} ${error.message}` : "it does not fit";
}
