import { setDifference } from "../changes.ts";
import { change, dangerous, enumerate, type Line, say } from "../say.ts";
import { type Json, type JsonObject, listAt, textAt, textsAt } from "../tree.ts";
import { type Kind, refused } from "./kind.ts";

/** One thing that a role allows: a verb on a resource of a group, or on a URL. */
interface Grant {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** "*" for objects of any name. */
  readonly name: string;
}

const widened = "whoever has this role may do more";

/** Roles and ClusterRoles: compared by what they allow, however the rules are cut. */
export const role: Kind = {
  rules: [{ at: ["rules"], say: (was, is) => grantLines(grants(was), grants(is)) }],
  introduce: (object) =>
    sentences(grants(object["rules"])).map((words) => dangerous(say`allows ${{ is: words }}`, broad(words))),
};

/** RoleBindings and ClusterRoleBindings. */
export const binding: Kind = {
  rules: [
    {
      at: ["roleRef"],
      say: (was, is) => [dangerous(say`role ${change(was && roleName(was), is && roleName(is))}`, refused)],
    },
    { at: ["subjects"], say: (was, is, _path, both) => subjects(was, is, both.is) },
  ],
  introduce: (object) => listAt(object, "subjects").map((subject) => bound(subject, object)),
};

function grants(rules: Json | undefined): Grant[] {
  return listAt(rules).flatMap((rule) => {
    const names = textsAt(rule, "resourceNames");
    const verbs = textsAt(rule, "verbs");
    const urls = textsAt(rule, "nonResourceURLs").map((url) => ({ group: "URL", resource: url }));
    const resources = textsAt(rule, "apiGroups").flatMap((group) =>
      textsAt(rule, "resources").map((resource) => ({ group, resource })),
    );
    return [...urls, ...resources].flatMap((what) =>
      verbs.flatMap((verb) => (names.length === 0 ? ["*"] : names).map((name) => ({ verb, ...what, name }))),
    );
  });
}

function covers(wide: Grant, narrow: Grant): boolean {
  const fits = (a: string, b: string) => a === "*" || a === b;
  const inside = (a: string, b: string) =>
    fits(a, b) ||
    (a.startsWith("*/") && b.endsWith(a.slice(1))) ||
    (a.endsWith("*") && narrow.group === "URL" && b.startsWith(a.slice(0, -1)));
  const groups =
    wide.group === "URL" || narrow.group === "URL" ? wide.group === narrow.group : fits(wide.group, narrow.group);
  return (
    fits(wide.verb, narrow.verb) && groups && inside(wide.resource, narrow.resource) && fits(wide.name, narrow.name)
  );
}

function grantLines(was: readonly Grant[], is: readonly Grant[]): Line[] {
  const missing = (from: readonly Grant[], others: readonly Grant[]) =>
    sentences(from.filter((grant) => !others.some((other) => covers(other, grant))));
  const lines = [
    ...missing(is, was).map((words) => dangerous(say`now allows ${{ is: words }}`, broad(words) ?? widened)),
    ...missing(was, is).map((words) => say`no longer allows ${{ was: words }}`),
  ];
  return lines.length > 0 ? lines : [say`rules are written in another way, with no effect on what is allowed`];
}

function sentences(grants: readonly Grant[]): string[] {
  const byObject = new Map<string, string[]>();
  for (const { group, resource, verb, name } of grants) {
    const what = resource === "*" ? "every resource" : resource;
    const where = group === "URL" || group === "" ? "" : group === "*" ? " of every group" : `.${group}`;
    const which = name === "*" ? "" : ` ${name}`;
    const object = `${resource === "*" && where.startsWith(".") ? `${what} of ${group}` : `${what}${where}`}${which}`;
    byObject.set(object, [...new Set([...(byObject.get(object) ?? []), verb === "*" ? "everything" : verb])]);
  }
  const byVerbs = new Map<string, string[]>();
  for (const [object, verbs] of byObject) {
    const key = enumerate(verbs);
    byVerbs.set(key, [...(byVerbs.get(key) ?? []), object]);
  }
  return [...byVerbs].map(([verbs, objects]) => `${verbs} on ${enumerate(objects)}`);
}

/** Why a grant deserves a look by itself; undefined for a common one. */
function broad(words: string): string | undefined {
  const [verbs = "", objects = ""] = words.split(" on ");
  if (/everything/.test(verbs) && /every resource of every group/.test(objects))
    return "it may do everything in the cluster";
  if (/\b(escalate|bind|impersonate)\b/.test(verbs)) return "it may give itself more rights";
  if (/\bsecrets\b/.test(objects) || /every resource/.test(objects)) return "it may reach Secrets";
  if (/\bpods\/(exec|attach)\b/.test(objects)) return "it may run programs in other pods";
  return undefined;
}

function roleName(reference: Json): string {
  return `${textAt(reference, "kind")} ${textAt(reference, "name")}`;
}

function subjectName(subject: Json): string {
  const namespace = textAt(subject, "namespace");
  return `${textAt(subject, "kind")} ${textAt(subject, "name")}${namespace === "" ? "" : ` (namespace ${namespace})`}`;
}

function bound(subject: Json, binding: JsonObject): Line {
  const role = roleName(binding["roleRef"] ?? {});
  const wide = role === "ClusterRole cluster-admin" ? "it may do everything" : undefined;
  return dangerous(say`gives ${{ it: role }} to ${{ is: subjectName(subject) }}`, wide);
}

function subjects(was: Json | undefined, is: Json | undefined, binding: JsonObject): Line[] {
  const { gone, come } = setDifference(listAt(was), listAt(is));
  const role = roleName(binding["roleRef"] ?? {});
  return [
    ...come.map((subject) =>
      dangerous(say`now gives ${{ it: role }} to ${{ is: subjectName(subject) }}`, "somebody else gets these rights"),
    ),
    ...gone.map((subject) => say`takes ${{ it: role }} from ${{ was: subjectName(subject) }}`),
  ];
}
