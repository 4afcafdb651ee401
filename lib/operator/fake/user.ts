import type { Patch, Resource } from "../api.ts";
import type { Outcome } from "../errors.ts";
import { keyOf, type KubeObject, type ObjectName } from "../object.ts";
import { frozen } from "./json.ts";
import type { ServerState, Written } from "./state.ts";
import type { FakeUser } from "./types.ts";
import { created, deleted, merged } from "./writes.ts";

/** Somebody else who uses the server. */
export function fakeUser(server: ServerState): FakeUser {
  const place = (resource: Resource, name: ObjectName) => {
    const kind = server.kindOf(resource);
    return { kind, key: keyOf(name), before: kind.state.get(keyOf(name)) };
  };
  const options = { fieldManager: "user" };
  return {
    get: (resource, name) => place(resource, name).before?.object as never,
    list: (resource) => server.kindOf(resource).state.at(server.version) as never,
    create: <T extends KubeObject>(resource: Resource, name: ObjectName, fields: Patch): T => {
      const { kind, key, before } = place(resource, name);
      if (before) throw new Error(`${resource.plural} ${key} exists; expected none.`);
      return must(server.commit<T>(kind, key, created(resource, name, frozen(fields), options, server.stamp())));
    },
    merge: <T extends KubeObject>(resource: Resource, name: ObjectName, patch: Patch): T => {
      const { kind, key, before } = place(resource, name);
      if (before === undefined) throw new Error(`${resource.plural} ${key} is not there; expected it to be.`);
      return must(server.commit<T>(kind, key, merged(resource, before, patch, options, server.stamp())));
    },
    delete: (resource, name) => {
      const { kind, key, before } = place(resource, name);
      if (before !== undefined) server.commit(kind, key, deleted(resource, before, {}, server.stamp()));
    },
    dropWatches: () => {
      for (const kind of server.kinds()) server.drop(kind);
    },
    forgetHistory: () => {
      for (const kind of server.kinds()) server.forget(kind);
    },
  };
}

function must<T>(outcome: Outcome<Written<T>>): T {
  if (outcome.ok) return outcome.value.object;
  throw new Error(`The server refuses: ${outcome.error.message}`);
}
