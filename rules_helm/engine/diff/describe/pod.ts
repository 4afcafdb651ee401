import { byPath, itemOf, type Path, type Rule } from "../changes.ts";
import { change, dangerous, it, type Line, say } from "../say.ts";
import { type Json, isObject, textAt } from "../tree.ts";
import { containerRules } from "./container.ts";
import { named } from "./metadata.ts";
import { securityRules } from "./security.ts";

/** What changes in a pod, or in the template of one, that stands at a path. */
export function podRules(pod: Path): readonly Rule[] {
  const spec = [...pod, "spec"];
  const flag = (key: string, danger: string): Rule => ({
    at: [...spec, key],
    say: (was, is) => [dangerous(say`${it(key)} ${change(was, is)}`, is === true && danger)],
  });
  return [
    { at: [...pod, "metadata", "labels", "*"], say: named("pod label") },
    { at: [...pod, "metadata", "annotations", "*"], say: named("pod annotation") },
    { at: [...pod, "metadata", "creationTimestamp"], say: () => [] },
    ...containerRules(spec),
    { at: [...spec, "volumes", "[]"], say: (was, is, path) => [volume(was, is, itemOf(path))] },
    flag("hostNetwork", "it has the node's network, which NetworkPolicies do not hold"),
    flag("hostPID", "it sees all processes of the node"),
    flag("hostIPC", "it shares memory with processes of the node"),
    {
      at: [...spec, "automountServiceAccountToken"],
      say: (was, is) => [
        dangerous(
          say`${it("automountServiceAccountToken")} ${change(was, is)}`,
          was === false && is !== false && "the pod gets a token for the API server",
        ),
      ],
    },
    { at: [...spec, "serviceAccountName"], say: (was, is) => [say`service account ${change(was, is)}`] },
    { at: [...spec, "serviceAccount"], say: () => [] },
    ...securityRules([...spec, "securityContext"], () => " of the pod"),
    { at: [...spec, "**"], say: (was, is, path) => [byPath(was, is, path, readable(path.slice(spec.length)))] },
  ];
}

function readable(path: Path): string {
  return path.join(".").replaceAll(".[", "[");
}

function volume(was: Json | undefined, is: Json | undefined, name: string): Line {
  const host = textAt(is, "hostPath", "path");
  const danger = host !== "" && host !== textAt(was, "hostPath", "path") && "it reaches files of the node";
  const [before, after] = [was, is].map((value) => (value === undefined ? undefined : source(value)));
  if (was === undefined) return dangerous(say`volume ${it(name)} added: ${{ is: after! }}`, danger);
  if (is === undefined) return say`volume ${it(name)} removed`;
  if (before === after) return dangerous(byPath(without(was), without(is), [], `volume ${name}`), danger);
  return dangerous(say`volume ${it(name)} ${change(before, after)}`, danger);
}

function without(volume: Json): Json {
  return isObject(volume) ? Object.fromEntries(Object.entries(volume).filter(([key]) => key !== "name")) : volume;
}

/** A volume's source: `ConfigMap trips`, `PersistentVolumeClaim data`, `emptyDir`. */
function source(volume: Json): string {
  const [kind = "", body] = Object.entries(without(volume) as Record<string, Json>)[0] ?? ["emptyDir"];
  const extra = (key: string) => (textAt(body, key) === "" ? "" : ` ${textAt(body, key)}`);
  switch (kind) {
    case "configMap":
      return `ConfigMap${extra("name")}`;
    case "secret":
      return `Secret${extra("secretName")}`;
    case "persistentVolumeClaim":
      return `PersistentVolumeClaim${extra("claimName")}`;
    case "hostPath":
      return `path${extra("path")} of the node`;
    case "emptyDir":
      return `emptyDir${textAt(body, "medium") === "Memory" ? " in memory" : ""}${textAt(body, "sizeLimit") === "" ? "" : ` up to ${textAt(body, "sizeLimit")}`}`;
    default:
      return `${kind}${extra("name")}${extra("driver")}`;
  }
}
