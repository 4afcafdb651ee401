import type { IncomingMessage } from "node:http";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import { connectionError } from "./transport.ts";

const texts = Type.Record(Type.String(), Type.String());
const objectSchema = Compile(
  Type.Object({
    metadata: Type.Object({
      name: Type.String({ minLength: 1 }),
      namespace: Type.Optional(Type.String()),
      uid: Type.String(),
      resourceVersion: Type.String({ minLength: 1 }),
      deletionTimestamp: Type.Optional(Type.String()),
      finalizers: Type.Optional(Type.Array(Type.String())),
      labels: Type.Optional(texts),
      annotations: Type.Optional(texts),
    }),
  }),
);
const listSchema = Compile(
  Type.Object({
    metadata: Type.Object({
      resourceVersion: Type.String({ minLength: 1 }),
      continue: Type.Optional(Type.String()),
    }),
    items: Type.Array(Type.Unknown()),
  }),
);
const statusSchema = Compile(
  Type.Object({
    kind: Type.Literal("Status"),
    message: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    code: Type.Optional(Type.Number()),
    details: Type.Optional(Type.Object({ retryAfterSeconds: Type.Optional(Type.Number()) })),
  }),
);

/** Whether a value has what the kit reads of every object. The rest is the server's schema, which the server keeps. */
export function isObject(value: unknown): value is KubeObject {
  return objectSchema.Check(value);
}

/** A page of a list, whose items may be anything. */
export interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly unknown[];
}

/** Whether a value is a page of a list. */
export function isList(value: unknown): value is List {
  return listSchema.Check(value);
}

/** Whether a value is a `Status`, which servers answer in place of an object. */
export function isStatus(value: unknown): boolean {
  return statusSchema.Check(value);
}

/** What an answer with an error status means. `body` is its parsed body, if it could be parsed. */
export function errorOf(code: number, body: unknown, retryAfter?: string): ApiError {
  const status = statusSchema.Check(body) ? body : undefined;
  const message = status?.message ?? `The server answered ${code} without a reason.`;
  const seconds = Number(retryAfter ?? status?.details?.retryAfterSeconds);
  const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
  switch (code) {
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return { kind: "Invalid", message };
    case 401:
      return { kind: "Unauthorized", message };
    case 403:
      return { kind: "Forbidden", message };
    case 404:
      return { kind: "NotFound", message };
    case 409:
      return { kind: status?.reason === "AlreadyExists" ? "AlreadyExists" : "Conflict", message };
    case 410:
      return { kind: "Gone", message };
    case 429:
      return { kind: "TooManyRequests", message, retryAfterMs: retryAfterMs ?? 1000 };
    case 408:
    case 504:
      return { kind: "Timeout", message };
    default:
      return { kind: "ServerError", message, status: code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
}

/** Reads the whole answer as JSON; an error status becomes the failure that it means. */
export async function readJson(response: IncomingMessage): Promise<Outcome<unknown>> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    return failure(connectionError(error));
  }
  const code = response.statusCode ?? 0;
  const body = parse(Buffer.concat(chunks).toString("utf8"));
  if (code < 200 || code > 299) return failure(errorOf(code, body, response.headers["retry-after"]));
  if (body === undefined) return failure({ kind: "ServerError", message: "The answer is no JSON.", status: code });
  return success(body);
}

/** The JSON that a text holds; undefined when it holds none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** No object of a cluster is larger as JSON: etcd keeps 1.5 MB at most. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Thrown by {@link linesOf} when the server says nothing for too long. */
export class Silence extends Error {}

/**
 * The lines of an answer, read as fast as they are taken.
 * @param idleMs the most that may pass without a byte
 * @throws Silence after `idleMs`, what the stream throws, or Error for a line without end
 */
export async function* linesOf(response: IncomingMessage, idleMs: number): AsyncGenerator<string> {
  response.setTimeout(idleMs, () => response.destroy(new Silence(`The server was silent for ${idleMs / 1000} s.`)));
  response.setEncoding("utf8");
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<string>) {
    for (let from = 0; from < chunk.length;) {
      const end = chunk.indexOf("\n", from);
      const piece = chunk.slice(from, end < 0 ? undefined : end);
      pieces.push(piece);
      length += piece.length;
      if (length > LONGEST_LINE) throw new Error(`A line of the watch is longer than ${LONGEST_LINE} characters.`);
      if (end < 0) break;
      if (length > 0) yield pieces.join("");
      pieces = [];
      length = 0;
      from = end + 1;
    }
  }
}
