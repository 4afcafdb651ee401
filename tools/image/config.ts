import { parse } from "yaml";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";

const text = Type.String({ minLength: 1 });
const id = Type.Integer({ minimum: 0 });
const closed = { additionalProperties: false };

const Yaml = Type.Object(
  {
    contents: Type.Object(
      { suite: text, packages: Type.Array(text, { minItems: 1 }), exclude: Type.Optional(Type.Array(text)) },
      closed,
    ),
    archs: Type.Array(Type.Union([Type.Literal("amd64"), Type.Literal("arm64")]), { minItems: 1 }),
    accounts: Type.Optional(
      Type.Object(
        {
          "run-as": text,
          users: Type.Array(Type.Object({ username: text, uid: id, gid: id, homedir: text }, closed)),
          groups: Type.Array(Type.Object({ groupname: text, gid: id }, closed)),
        },
        closed,
      ),
    ),
    environment: Type.Optional(Type.Record(Type.String(), Type.String())),
    "work-dir": Type.Optional(text),
    paths: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Object(
            { path: text, type: Type.Literal("directory"), permissions: Type.String({ pattern: "^[0-7]{4}$" }) },
            closed,
          ),
          Type.Object({ path: text, type: Type.Literal("symlink"), source: text }, closed),
        ]),
      ),
    ),
    programs: Type.Optional(Type.Array(text)),
  },
  closed,
);

/** What the lock repeats of a base's YAML, for rules that cannot read YAML; `user` is `uid:gid` of the account to run as, or empty. */
export interface BaseConfig {
  suite: string;
  names: string[];
  exclude: string[];
  archs: ("amd64" | "arm64")[];
  user: string;
  users: { username: string; uid: number; gid: number; homedir: string }[];
  groups: { groupname: string; gid: number }[];
  environment: Record<string, string>;
  workdir: string;
  paths: NonNullable<Static<typeof Yaml>["paths"]>;
  programs: string[];
}

/** A package of a lock; `size` is in bytes. */
export interface LockedPackage {
  name: string;
  version: string;
  sha256: string;
  size: number;
}

/** A lock: what its YAML said, and for each architecture the packages in the YAML's order. */
export interface BaseLock {
  config: BaseConfig;
  packages: Record<string, LockedPackage[]>;
}

/** Reads a base's YAML. `where` names the file in errors. */
export function parseBase(yaml: string, where: string): BaseConfig {
  const value: unknown = parse(yaml);
  if (!Value.Check(Yaml, value)) {
    const problems = Value.Errors(Yaml, value).map((error) => `  ${error.instancePath || "/"} ${error.message}`);
    throw new Error(`${where} is not a base:\n${problems.join("\n")}\nThe README of tools/image describes the fields.`);
  }
  const { contents, accounts } = value;
  const runAs = accounts?.users.find((user) => user.username === accounts["run-as"]);
  if (accounts && !runAs)
    throw new Error(
      `${where}: accounts.run-as is ${accounts["run-as"]}, which accounts.users does not have: add it there`,
    );
  return {
    suite: contents.suite,
    names: contents.packages,
    exclude: contents.exclude ?? [],
    archs: value.archs,
    user: runAs ? `${runAs.uid}:${runAs.gid}` : "",
    users: accounts?.users ?? [],
    groups: accounts?.groups ?? [],
    environment: value.environment ?? {},
    workdir: value["work-dir"] ?? "/",
    paths: value.paths ?? [],
    programs: value.programs ?? [],
  };
}

/** Where a lock and its YAML disagree, one sentence each; empty when they agree. */
export function disagreements(config: BaseConfig, lock: BaseLock): string[] {
  const found: string[] = [];
  for (const key of Object.keys(config) as (keyof BaseConfig)[]) {
    const [yaml, locked] = [JSON.stringify(config[key]), JSON.stringify(lock.config[key])];
    if (yaml !== locked) found.push(`${key} is ${yaml} in the YAML and ${locked} in the lock`);
  }
  for (const arch of config.archs) {
    const names = (lock.packages[arch] ?? []).map((one) => one.name);
    const lacking = config.names.filter((name) => !names.includes(name));
    const stale = names.filter((name) => !config.names.includes(name));
    if (lacking.length > 0) found.push(`the lock has no ${lacking.join(", ")} for ${arch}`);
    if (stale.length > 0) found.push(`the lock has ${stale.join(", ")} for ${arch}, which the YAML does not name`);
    for (const one of lock.packages[arch] ?? []) {
      if (!/^[0-9a-f]{64}$/.test(one.sha256) || !(one.size > 0) || !one.version)
        found.push(`${one.name} for ${arch} is not locked whole`);
    }
  }
  return found;
}
