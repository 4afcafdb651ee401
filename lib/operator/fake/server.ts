import type { KubeApi, Resource } from "../api.ts";
import { type ApiError, failure, type Outcome, success } from "../errors.ts";
import { keyOf, type KubeObject, type ObjectName } from "../object.ts";
import { Calls } from "./calls.ts";
import type { Call } from "./faults.ts";
import type { Stored } from "./kind.ts";
import { listed, seen, watched } from "./reads.ts";
import { ServerState, type Written } from "./state.ts";
import type { FakeOptions, FakeServer } from "./types.ts";
import { fakeUser } from "./user.ts";
import { applied, created, deleted, type Effect, merged } from "./writes.ts";

/** Starts a fake API server without objects. */
export function fakeServer(options: FakeOptions): FakeServer {
  const server = new ServerState(options);
  const calls = new Calls(server, options);
  return {
    api: <T extends KubeObject>(resource: Resource) => fakeApi<T>(server, calls, options, resource),
    user: fakeUser(server),
    get calls() {
      return calls.count;
    },
    setFaults: (plan) => void (calls.plan = plan),
    onCall: (listen) => calls.listen(listen),
  };
}

function fakeApi<T extends KubeObject>(
  server: ServerState,
  calls: Calls,
  options: FakeOptions,
  resource: Resource,
): KubeApi<T> {
  const kind = server.kindOf(resource);
  const { plural } = resource;
  const call = (verb: Call["verb"], signal: AbortSignal | undefined, key = "") => ({ verb, plural, key, kind, signal });
  const found = (name: ObjectName): Stored | undefined => kind.state.get(keyOf(name));
  const absent = ({ name }: ObjectName): ApiError => ({
    kind: "NotFound",
    message: `${plural} ${JSON.stringify(name)} not found`,
  });
  const taken = ({ name }: ObjectName): Effect => ({
    kind: "refuse",
    error: { kind: "AlreadyExists", message: `${plural} ${JSON.stringify(name)} already exists` },
  });
  const present = (name: ObjectName, effect: (before: Stored) => Effect): Effect => {
    const before = found(name);
    return before === undefined ? { kind: "refuse", error: absent(name) } : effect(before);
  };
  const write = (verb: Call["verb"], name: ObjectName, signal: AbortSignal | undefined, effect: () => Effect) =>
    calls.perform(call(verb, signal, keyOf(name)), () => server.commit<T>(kind, keyOf(name), effect()));
  const object = async (written: Promise<Outcome<Written<T>>>): Promise<Outcome<T>> => {
    const outcome = await written;
    return outcome.ok ? success(outcome.value.object) : outcome;
  };
  return {
    resource,
    list: (how = {}) =>
      calls.perform(call("list", how.signal), (stale) => listed<T>(server, options, kind, how, stale)),
    watch: (how) => calls.perform(call("watch", how.signal), () => watched<T>(server, options, kind, how)),
    get: (name, how = {}) =>
      calls.perform(call("get", how.signal, keyOf(name)), (stale) => {
        const there = seen(server, kind, name, stale);
        return there === undefined ? failure(absent(name)) : success(there as T);
      }),
    create: (name, fields, how = {}) =>
      object(
        write("create", name, how.signal, () =>
          found(name) ? taken(name) : created(resource, name, fields, how, server.stamp()),
        ),
      ),
    apply: (name, fields, how) =>
      object(write("apply", name, how.signal, () => applied(resource, name, found(name), fields, how, server.stamp()))),
    merge: (name, patch, how = {}) =>
      object(
        write("merge", name, how.signal, () =>
          present(name, (before) => merged(resource, before, patch, how, server.stamp())),
        ),
      ),
    delete: async (name, how = {}) => {
      const outcome = await write("delete", name, how.signal, () =>
        present(name, (before) => deleted(resource, before, how, server.stamp())),
      );
      return outcome.ok ? success(outcome.value.gone ? undefined : outcome.value.object) : outcome;
    },
  };
}
