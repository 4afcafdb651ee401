import { broken, entries, parseJson, record, text } from "../document.ts";
import type { Lock, LockedPackage } from "../lock.ts";
import { normalised } from "../names.ts";

/** Reads Pipfile.lock. It does not say what depends on what. */
export function readPipenv(source: string, file: string): Lock {
  const { value, lineOf } = parseJson(source, file);
  const top = record(value);
  const anew = "`pipenv lock` writes it anew.";
  if (top["_meta"] === undefined) throw broken(file, 1, "it has no `_meta`", anew);
  const groups = entries(top).filter(([group]) => group !== "_meta");
  const packages = groups.flatMap(([group, members]) =>
    entries(members).map(([key, about]): LockedPackage => {
      const { version, git, path, file: from } = record(about);
      const origin = [git, path, from].map(text).find((place) => place !== "");
      const given = text(version);
      const line = lineOf([group, key]);
      if (given === "" && origin === undefined) throw broken(file, line, `${key} has no version`, anew);
      const pinned = given.startsWith("==") ? given.replace(/^===?/, "") : "";
      const opaque =
        origin !== undefined ? `it comes from ${origin}` : pinned === "" ? `it is not pinned (${given})` : "";
      const name = normalised(key);
      return {
        id: `${group}:${name}`,
        ecosystem: "PyPI",
        name,
        version: pinned,
        ...(opaque === "" ? {} : { opaque }),
        notes: [],
        relation: "listed",
        line,
        edges: [],
      };
    }),
  );
  const roots = packages.map(({ id, name }) => ({ importer: null, name, id }));
  return { file, tool: "pipenv", ecosystem: "PyPI", packages, roots };
}
