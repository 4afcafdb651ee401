import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeApi, KubeServer, Resource, Selection, Watch, WatchEvent } from "./api.ts";
import { type ApiError, failure, type Outcome, success } from "./errors.ts";
import type { KubeObject, ObjectName } from "./object.ts";
import { apiVersionOf } from "./resources.ts";
import { connectionError, type KubeRequest, type Transport, transportOf } from "./transport.ts";
import { errorOf, isList, isObject, isStatus, linesOf, parse, readJson, Silence } from "./wire.ts";

/** A real API server, over HTTP. */
export interface HttpServer extends KubeServer {
  /** Closes the connections; what runs fails. */
  close(): void;
}

/** How long a server is waited for. */
export interface Patience {
  /** For every request, and for the beginning of a watch: 30 s unless told. */
  readonly timeoutMs?: number;
  /** For a byte of a watch, which servers send a bookmark every minute: 3 minutes unless told. */
  readonly idleMs?: number;
}

/** The API server of a configuration's current context. */
export function httpServer(config: KubeConfig, options: Patience & { readonly userAgent?: string } = {}): HttpServer {
  const transport = transportOf(config, options.userAgent);
  return {
    api: <T extends KubeObject>(resource: Resource) => httpApi<T>(transport, resource, options),
    close: () => transport.close(),
  };
}

const MERGE = "application/merge-patch+json";
const APPLY = "application/apply-patch+yaml";

/** The API of one kind over a transport. */
export function httpApi<T extends KubeObject>(
  transport: Transport,
  resource: Resource,
  { timeoutMs = 30_000, idleMs = 180_000 }: Patience = {},
): KubeApi<T> {
  const typed = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  const collection = (namespace?: string) => collectionPath(resource, namespace);
  const single = ({ name, namespace }: ObjectName, subresource?: string) =>
    `${collection(namespace)}/${encodeURIComponent(name)}${subresource ? `/${subresource}` : ""}`;
  const ask = async (request: Omit<KubeRequest, "timeoutMs" | "beginMs">): Promise<Outcome<unknown>> => {
    const answer = await transport.send({ ...request, beginMs: timeoutMs, timeoutMs });
    return answer.ok ? await readJson(answer.value) : answer;
  };
  const object = async (request: Omit<KubeRequest, "timeoutMs" | "beginMs">): Promise<Outcome<T>> => {
    const answer = await ask(request);
    if (!answer.ok) return answer;
    return isObject(answer.value) ? success(answer.value as T) : failure(noObject);
  };
  const body = (type: string, name: ObjectName, fields: object) => ({
    type,
    text: JSON.stringify(withName(fields, typed, name)),
  });

  return {
    resource,
    list: async (options = {}) => {
      const answer = await ask({
        method: "GET",
        path: collection(options.namespace),
        query: {
          ...selectors(options),
          limit: options.limit?.toString(),
          continue: options.continue,
          resourceVersion: options.resourceVersion,
        },
        signal: options.signal,
      });
      if (!answer.ok) return answer;
      if (!isList(answer.value)) return failure(noList);
      const { items, metadata } = answer.value;
      const { resourceVersion, continue: next } = metadata;
      const objects = items.filter(isObject).map((item) => ({ ...typed, ...item }) as unknown as T);
      return success({
        items: objects,
        resourceVersion,
        malformed: items.length - objects.length,
        ...(next ? { continue: next } : {}),
      });
    },
    watch: async (options) => {
      const answer = await transport.send({
        method: "GET",
        path: collection(options.namespace),
        query: {
          ...selectors(options),
          watch: "true",
          allowWatchBookmarks: "true",
          resourceVersion: options.resourceVersion,
          timeoutSeconds: Math.ceil(options.timeoutMs / 1000).toString(),
        },
        beginMs: timeoutMs,
        timeoutMs: options.timeoutMs + timeoutMs,
        signal: options.signal,
      });
      if (!answer.ok) return answer;
      if (answer.value.statusCode === 200) return success(eventsOf<T>(linesOf(answer.value, idleMs), options.signal));
      const refusal = await readJson(answer.value);
      return refusal.ok ? failure(noObject) : refusal;
    },
    get: (name, options = {}) => object({ method: "GET", path: single(name), signal: options.signal }),
    create: (name, fields, options = {}) =>
      object({
        method: "POST",
        path: collection(name.namespace),
        query: { fieldManager: options.fieldManager },
        body: body("application/json", name, fields),
        signal: options.signal,
      }),
    apply: (name, fields, options) =>
      object({
        method: "PATCH",
        path: single(name, options.subresource),
        query: { fieldManager: options.fieldManager, force: options.force ? "true" : undefined },
        body: body(APPLY, name, fields),
        signal: options.signal,
      }),
    merge: (name, patch, options = {}) =>
      object({
        method: "PATCH",
        path: single(name, options.subresource),
        query: { fieldManager: options.fieldManager },
        body: { type: MERGE, text: JSON.stringify(withVersion(patch, options.resourceVersion)) },
        signal: options.signal,
      }),
    delete: async (name, options = {}) => {
      const { preconditions, propagation } = options;
      const answer = await ask({
        method: "DELETE",
        path: single(name),
        body: {
          type: "application/json",
          text: JSON.stringify({ preconditions, propagationPolicy: propagation }),
        },
        signal: options.signal,
      });
      if (!answer.ok) return answer;
      if (isStatus(answer.value)) return success(undefined);
      if (!isObject(answer.value)) return failure(noObject);
      const { deletionTimestamp, finalizers = [] } = answer.value.metadata;
      return success(deletionTimestamp !== undefined && finalizers.length > 0 ? (answer.value as T) : undefined);
    },
  };
}

const noObject: ApiError = {
  kind: "ServerError",
  status: 200,
  message: "The answer is no Kubernetes object; expected metadata with name, uid and resourceVersion.",
};

const noList: ApiError = {
  kind: "ServerError",
  status: 200,
  message: "The answer is no Kubernetes list; expected items, and metadata with resourceVersion.",
};

/** `/apis/apps/v1/namespaces/default/deployments`. */
export function collectionPath({ group, version, plural }: Resource, namespace?: string): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined
    ? `${root}/${plural}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

function withName(fields: object, typed: object, name: ObjectName): object {
  const { metadata = {} } = fields as { metadata?: object };
  return { ...typed, ...fields, metadata: { ...metadata, ...name } };
}

function withVersion(patch: object, resourceVersion: string | undefined): object {
  if (resourceVersion === undefined) return patch;
  const { metadata = {} } = patch as { metadata?: object };
  return { ...patch, metadata: { ...metadata, resourceVersion } };
}

const selectors = ({ labelSelector, fieldSelector }: Selection) => ({ labelSelector, fieldSelector });

async function* eventsOf<T extends KubeObject>(lines: AsyncGenerator<string>, signal?: AbortSignal): Watch<T> {
  try {
    for await (const line of lines) {
      const event = parse(line) as { type?: unknown; object?: unknown } | undefined;
      if (event?.type === "ERROR") {
        const code = Number((event.object as { code?: number } | undefined)?.code ?? 500);
        return failure(errorOf(code, event.object));
      }
      yield eventOf<T>(event, line);
    }
    return success(undefined);
  } catch (error) {
    if (signal?.aborted) return success(undefined);
    return failure(error instanceof Silence ? { kind: "Timeout", message: error.message } : connectionError(error));
  }
}

function eventOf<T extends KubeObject>(
  event: { type?: unknown; object?: unknown } | undefined,
  line: string,
): WatchEvent<T> {
  const object = event?.object;
  if (event?.type === "BOOKMARK") {
    const version = (object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
    if (typeof version === "string" && version !== "") return { type: "BOOKMARK", resourceVersion: version };
  } else if ((event?.type === "ADDED" || event?.type === "MODIFIED" || event?.type === "DELETED") && isObject(object)) {
    return { type: event.type, object: object as T };
  }
  return { type: "MALFORMED", message: `The watch told what is no event: ${line.slice(0, 200)}` };
}
