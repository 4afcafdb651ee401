import type { Static, TSchema } from "typebox";
import Value from "typebox/value";
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
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch (error) {
    return { ok: false, problem: `it is not JSON (${(error as Error).message})` };
  }
  const problem = firstProblem(schema, value);
  return problem ? { ok: false, problem } : { ok: true, value: value as Static<Schema> };
}

function firstProblem(schema: TSchema, value: unknown): string | undefined {
  if (Value.Check(schema, value)) return undefined;
  const [error] = Value.Errors(schema, value);
  return error ? `${error.instancePath || "the value"} ${error.message}` : "it does not fit";
}
