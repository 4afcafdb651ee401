import { byPath, type Path, type Rule } from "../changes.ts";
import { change, dangerous, it, type Line, say } from "../say.ts";
import { type Json, textAt } from "../tree.ts";

const levels = ["privileged", "baseline", "restricted"];
const enforce = "pod-security.kubernetes.io/enforce";

/** What all resources have: labels, annotations, the version of their API. `status` is Kubernetes' own and has no effect. */
export const metadataRules: readonly Rule[] = [
  { at: ["status"], say: () => [] },
  { at: ["metadata", "creationTimestamp"], say: () => [] },
  { at: ["metadata", "name"], say: () => [] },
  { at: ["metadata", "namespace"], say: () => [] },
  { at: ["apiVersion"], say: (was, is) => [say`API version ${change(was, is)}`] },
  { at: ["metadata", "labels", enforce], say: podSecurity },
  { at: ["metadata", "labels", "*"], say: named("label") },
  { at: ["metadata", "annotations", "*"], say: named("annotation") },
  { at: ["metadata", "finalizers", "[]"], say: named("finalizer") },
  { at: ["metadata", "**"], say: (was, is, path) => [byPath(was, is, path, path.slice(1).join("."))] },
];

/** Says `noun key a → b`; checksums are not worth their digits. */
export function named(noun: string): Rule["say"] {
  return (was, is, path: Path) => {
    const key = path.at(-1)!.replace(/^\[(.*)\]$/, "$1");
    if (/checksum/.test(key) && was !== undefined && is !== undefined) return [say`${noun} ${it(key)} changed`];
    const isName = was === key || is === key;
    if (isName) return [say`${noun} ${change(was, is)}`];
    return [keyed(noun, key, was, is)];
  };
}

function keyed(noun: string, key: string, was: Json | undefined, is: Json | undefined): Line {
  const line = byPath(was, is, [], key);
  if (line.details !== undefined) return { ...line, parts: [`${noun} `, ...line.parts] };
  if (was === undefined) return say`${noun} ${it(key)} added: ${{ is: plainValue(is) }}`;
  if (is === undefined) return say`${noun} ${it(key)} removed`;
  return say`${noun} ${it(key)} ${change(was, is)}`;
}

function plainValue(value: Json | undefined): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function podSecurity(was: Json | undefined, is: Json | undefined): Line[] {
  const level = (value: Json | undefined) => (value === undefined ? 0 : levels.indexOf(String(value)));
  const line = say`enforced Pod Security Standard ${change(was, is)}`;
  return [dangerous(line, level(is) < level(was) && "pods may do more than before")];
}

/** The name that people give a resource: `Deployment trips-api`. */
export function title(kind: string, name: string): string {
  return name === "" ? kind : `${kind} ${name}`;
}

/** `name`, with its namespace where that is another. */
export function inNamespace(reference: Json | undefined, home: string): string {
  const namespace = textAt(reference, "namespace");
  return namespace === "" || namespace === home
    ? textAt(reference, "name")
    : `${textAt(reference, "name")} in ${namespace}`;
}
