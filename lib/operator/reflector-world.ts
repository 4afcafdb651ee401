import type { V1ConfigMap } from "@kubernetes/client-node";
import type { KubeApi } from "./api.ts";
import type { ApiError } from "./errors.ts";
import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import { keyOf, type Live } from "./object.ts";
import { createReflector, type Reflector } from "./reflector.ts";
import { configMaps } from "./resources.ts";
import type { Delta, Indexers } from "./store.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** What the reflector under test caches. */
export type ConfigMap = Live<V1ConfigMap>;

/** A place in the namespace `default`. */
export const named = (name: string) => ({ namespace: "default", name });
/** Fields of an object with this label. */
export const label = (team: string) => ({ metadata: { labels: { team } } });

/** A reflector on a fake server, in virtual time. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: FakeServer;
  readonly reflector: Reflector<ConfigMap>;
  readonly deltas: Delta<ConfigMap>[];
  readonly failures: ApiError["kind"][];
  readonly malformed: string[];
  readonly lists: number[];
  stop(): Promise<void>;
}

/**
 * A reflector of config maps on a fake server with the given ones; it runs as soon as time passes.
 * @param options.through changes the API that the reflector gets
 */
export function world(
  names: readonly string[] = [],
  options: {
    project?: (object: ConfigMap) => ConfigMap;
    pageSize?: number;
    history?: number;
    namespace?: string;
    random?: () => number;
    indexes?: Indexers<ConfigMap>;
    through?: (api: KubeApi<ConfigMap>) => KubeApi<ConfigMap>;
  } = {},
): World {
  const clock = virtualClock();
  const server = fakeServer({ clock, ...(options.history ? { history: options.history } : {}) });
  for (const name of names) server.user.create(configMaps, named(name), label("red"));
  const [deltas, failures, malformed, lists]: [Delta<ConfigMap>[], ApiError["kind"][], string[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  const { project, pageSize, namespace } = options;
  const reflector = createReflector<ConfigMap>({
    api: (options.through ?? ((api) => api))(server.api<ConfigMap>(configMaps)),
    clock,
    random: options.random ?? (() => 0.5),
    indexes: options.indexes ?? { team: ({ metadata }) => Object.values(metadata.labels ?? {}) },
    observer: {
      failed: (_what, error) => void failures.push(error.kind),
      malformed: (message) => void malformed.push(message),
      listed: (count) => void lists.push(count),
    },
    ...(project ? { project } : {}),
    ...(pageSize ? { pageSize } : {}),
    ...(namespace ? { selection: { namespace } } : {}),
  });
  reflector.onDelta((delta) => void deltas.push(delta));
  const ending = new AbortController();
  const running = clock.sleep(0).then(() => reflector.run(ending.signal));
  const stop = async () => {
    ending.abort();
    await clock.resolve("the reflector has ended", running);
  };
  return { clock, server, reflector, deltas, failures, malformed, lists, stop };
}

/** Deltas in words: `added a`. */
export const said = (deltas: readonly Delta<ConfigMap>[]) =>
  deltas.map(({ type, key }) => `${type} ${key.split("/")[1]}`);
/** What objects are, at which version. */
export const versions = (objects: Iterable<ConfigMap>) =>
  [...objects].map(({ metadata }) => `${keyOf(metadata)}@${metadata.uid}@${metadata.resourceVersion}`).sort();
/** Whether cache and server are the same. */
export const agree = ({ reflector, server }: World) =>
  JSON.stringify(versions(reflector.cache.values())) ===
  JSON.stringify(versions(server.user.list<ConfigMap>(configMaps)));
