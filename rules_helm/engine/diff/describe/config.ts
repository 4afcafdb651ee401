import { byPath, lines, type Rule } from "../changes.ts";
import { brief, change, dangerous, enumerate, it, type Line, say } from "../say.ts";
import { at, type Json, type JsonObject, objectAt } from "../tree.ts";
import { type Kind, refused } from "./kind.ts";

const fixed = (was: JsonObject) => at(was, "immutable") === true && refused;

/** ConfigMaps: short values as they are, files as a difference of lines. */
export const configMap: Kind = {
  rules: [
    { at: ["data", "*"], say: (was, is, path, both) => [dangerous(entry(was, is, path.at(-1)!), fixed(both.was))] },
    {
      at: ["binaryData", "*"],
      say: (was, is, path, both) => [dangerous(verb("binary key", path.at(-1)!, was, is), fixed(both.was))],
    },
    { at: ["immutable"], say: (was, is) => [say`immutable ${change(was, is)}`] },
  ],
  introduce: (object) => keys(object, ["data", "binaryData"]),
};

/** Secrets: which keys change, never what is in them. */
export const secret: Kind = {
  rules: [
    {
      at: ["data", "*"],
      say: (was, is, path, both) => [dangerous(verb("key", path.at(-1)!, was, is), fixed(both.was))],
    },
    { at: ["type"], say: (was, is) => [dangerous(say`type ${change(was, is)}`, refused)] },
    { at: ["immutable"], say: (was, is) => [say`immutable ${change(was, is)}`] },
    ...withoutValues(["metadata"], ["labels", "finalizers"]),
    { at: ["**"], say: (was, is, path) => [verb("field", path.join("."), was, is)] },
  ],
  introduce: (object) => keys(object, ["data"]),
};

/** Secrets that an operator makes from these: sealed or encrypted data say nothing to a reader. */
export const sealedSecret: Kind = {
  rules: [{ at: ["spec", "encryptedData", "*"], say: (was, is, path) => [verb("key", path.at(-1)!, was, is)] }],
};

function withoutValues(below: readonly string[], shown: readonly string[]): Rule[] {
  return [
    { at: [...below, "annotations", "*"], say: (was, is, path) => [verb("annotation", path.at(-1)!, was, is)] },
    ...shown.map((key): Rule => ({
      at: [...below, key, "**"],
      say: (was, is, path) => [byPath(was, is, path, path.slice(1).join("."))],
    })),
  ];
}

function entry(was: Json | undefined, is: Json | undefined, key: string): Line {
  const long = [was, is].some((value) => String(value ?? "").includes("\n") || String(value ?? "").length > 100);
  const text = (value: Json | undefined) => (value === undefined ? undefined : String(value));
  if (long) return lines(key, text(was), text(is));
  if (was === undefined) return say`${it(key)} added: ${{ is: brief(is) }}`;
  if (is === undefined) return say`${it(key)} removed`;
  return say`${it(key)} ${change(was, is)}`;
}

function verb(noun: string, name: string, was: Json | undefined, is: Json | undefined): Line {
  return say`${noun} ${it(name)} ${was === undefined ? "added" : is === undefined ? "removed" : "changed"}`;
}

function keys(object: JsonObject, fields: readonly string[]): Line[] {
  const names = fields.flatMap((field) => Object.keys(objectAt(object, field)));
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return names.length === 0 ? [] : [say`${names.length === 1 ? "key" : "keys"} ${{ is: enumerate(shown) }}`];
}
