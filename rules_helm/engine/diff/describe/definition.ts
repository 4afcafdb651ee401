import { byPath, pathText, setDifference } from "../changes.ts";
import { change, dangerous, enumerate, it, type Line, say } from "../say.ts";
import { at, type Json, isObject, listAt, objectAt, textAt } from "../tree.ts";
import { immutable, type Kind } from "./kind.ts";

const version = ["spec", "versions", "[]"];
const schema = [...version, "schema", "openAPIV3Schema"];

/** CustomResourceDefinitions: versions, and fields of their schemas. */
export const definition: Kind = {
  rules: [
    ...immutable(["spec", "group"], ["spec", "scope"], ["spec", "names", "kind"], ["spec", "names", "plural"]),
    {
      at: version,
      oneSided: true,
      say: (was, is, path) => {
        const name = path[2]!.slice(1, -1);
        if (was === undefined)
          return [say`version ${{ is: name }} added${at(is, "served") === false ? ", not served" : ""}`];
        return [
          dangerous(say`version ${{ was: name }} removed`, "stored resources of this version must be gone before"),
        ];
      },
    },
    { at: [...version, "name"], say: () => [] },
    {
      at: [...version, "served"],
      say: (_was, is, path) => [
        dangerous(
          say`version ${it(path[2]!.slice(1, -1))} ${is === false ? "no longer served" : "now served"}`,
          is === false && "clients of this version fail",
        ),
      ],
    },
    {
      at: [...version, "storage"],
      say: (_was, is, path) => [
        say`version ${it(path[2]!.slice(1, -1))} ${is === true ? "is now" : "is no longer"} the stored one`,
      ],
    },
    { at: schema, say: (was, is, path) => fields(was, is, `${path[2]!.slice(1, -1)} `) },
    { at: ["spec", "**"], say: (was, is, path) => [byPath(was, is, path, pathText(path))] },
  ],
  introduce: (object) => [
    say`${textAt(object, "spec", "names", "kind")} of ${textAt(object, "spec", "group")}, ${textAt(object, "spec", "scope")}, ${enumerate(listAt(object, "spec", "versions").map((one) => textAt(one, "name")))}`,
  ],
  loss: () => "every resource of this kind goes with it",
};

/** What changes for somebody who writes such a resource; descriptions are for readers. */
function fields(was: Json | undefined, is: Json | undefined, prefix: string, path = ""): Line[] {
  if (!isObject(was) || !isObject(is)) return [byPath(was, is, [], `${prefix}schema${path}`)];
  const name = it(`${prefix}${path === "" ? "schema" : path.slice(1)}`);
  const [before, after] = [objectAt(was, "properties"), objectAt(is, "properties")];
  const required = setDifference(listAt(was, "required"), listAt(is, "required"));
  const inner = (key: string) => `${path}.${key}`;
  const rest = (side: typeof was) =>
    Object.keys(side).filter((key) => !["properties", "required", "items", "description"].includes(key));
  const keywords = [...new Set([...rest(was), ...rest(is)])].flatMap((key) =>
    changed(was[key], is[key], say`field ${name}: ${key} ${change(was[key], is[key])}`),
  );
  return [
    ...Object.keys(after)
      .filter((key) => !(key in before))
      .map(
        (key) =>
          say`field ${it(`${prefix}${inner(key).slice(1)}`)} added${textAt(after[key], "type") === "" ? "" : ` (${textAt(after[key], "type")})`}`,
      ),
    ...Object.keys(before)
      .filter((key) => !(key in after))
      .map((key) =>
        dangerous(
          say`field ${it(`${prefix}${inner(key).slice(1)}`)} removed`,
          "Kubernetes drops it from resources that have it",
        ),
      ),
    ...required.come.map((key) =>
      dangerous(
        say`field ${it(`${prefix}${inner(String(key)).slice(1)}`)} now required`,
        "resources without it are refused",
      ),
    ),
    ...required.gone.map((key) => say`field ${it(`${prefix}${inner(String(key)).slice(1)}`)} no longer required`),
    ...keywords,
    ...(was["items"] === undefined && is["items"] === undefined
      ? []
      : fields(was["items"] ?? {}, is["items"] ?? {}, prefix, `${path}[]`)),
    ...Object.keys(after)
      .filter((key) => key in before)
      .flatMap((key) => fields(before[key], after[key], prefix, inner(key))),
    ...changed(was["description"], is["description"], say`description of ${name} changed`),
  ];
}

function changed(was: Json | undefined, is: Json | undefined, line: Line): Line[] {
  return JSON.stringify(was) === JSON.stringify(is) ? [] : [line];
}
