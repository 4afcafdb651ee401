import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TSchema, Type } from "typebox";
import Value from "typebox/value";
import type { FakeCloudflare } from "./types.ts";
import { emptyWorld, listsOf, type World, type WorldLists, worldOf } from "./world.ts";

const FILE = "world.json";

const text = Type.String();
const textOrNull = Type.Union([Type.Null(), text]);
const listOf = <Fields extends Readonly<Record<string, TSchema>>>(fields: Fields) => Type.Array(Type.Object(fields));

/** What {@link listsOf} gives, for who reads it out of a file or an answer. */
export const WorldSchema = Type.Object({
  zones: listOf({ id: text, name: text, status: text }),
  records: listOf({
    ...{ id: text, zone_id: text, zone_name: text, type: text, name: text, content: text },
    ...{ proxied: Type.Boolean(), proxiable: Type.Boolean(), ttl: Type.Integer(), comment: textOrNull },
  }),
  apps: listOf({
    ...{ id: text, aud: text, type: text, name: text, domain: text, session_duration: text },
    destinations: listOf({ type: text, uri: text }),
    policies: Type.Array(text),
    tags: Type.Array(text),
  }),
  policies: listOf({ id: text, name: text, decision: text, include: Type.Array(Type.Unknown()) }),
  tags: Type.Array(text),
  tunnels: listOf({
    ...{ id: text, name: text, config_src: text, version: Type.Integer() },
    deletedMs: Type.Union([Type.Null(), Type.Integer()]),
    config: Type.Union([Type.Null(), Type.Object({ ingress: listOf({ service: text }) })]),
  }),
  made: Type.Integer(),
} satisfies Record<keyof WorldLists, TSchema>);

/**
 * The world that a folder keeps; an empty one when it keeps none yet.
 * @throws Error when the file there is no world, or one of another version of the fake
 */
export function keptWorld(folder: string): World {
  const file = join(folder, FILE);
  try {
    const lists: unknown = JSON.parse(readFileSync(file, "utf8"));
    const [first] = Value.Errors(WorldSchema, lists);
    if (first !== undefined) throw new Error(`${first.instancePath || "the whole"} ${first.message}`);
    return worldOf(lists as WorldLists);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return emptyWorld;
    const why = (cause as Error).message;
    throw new Error(`${file} holds no world of this fake Cloudflare (${why}). Delete it to begin with an empty one.`, {
      cause,
    });
  }
}

/** Writes the world to a folder, now and after each change. */
export function keepWorld(folder: string, fake: FakeCloudflare): void {
  mkdirSync(folder, { recursive: true });
  const write = (world: World) => {
    const file = join(folder, FILE);
    writeFileSync(`${file}.new`, JSON.stringify(listsOf(world)));
    renameSync(`${file}.new`, file);
  };
  write(fake.world);
  fake.onChange(({ after }) => write(after));
}
