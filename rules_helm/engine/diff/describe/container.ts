import { byPath, itemOf, type Both, type Path, type Rule, setDifference } from "../changes.ts";
import { change, dangerous, enumerate, it, type Line, say } from "../say.ts";
import { at, type Json, isObject, listAt, textAt } from "../tree.ts";
import { securityRules } from "./security.ts";

const lists = ["containers", "initContainers", "ephemeralContainers"] as const;

/** What changes in the containers of a pod whose spec stands at a path. */
export function containerRules(pod: Path): readonly Rule[] {
  return lists.flatMap((list) => rulesOf(pod, list));
}

function rulesOf(pod: Path, list: (typeof lists)[number]): Rule[] {
  const here = [...pod, list, "[]"];
  const depth = here.length;
  const tail = (path: Path, both: Both) => ofContainer(path, both, pod, list);
  const scalar = (...key: string[]) => ({ at: [...here, ...key] });
  return [
    { at: here, oneSided: true, say: (was, is, path) => [cameOrWent(was ?? is, is !== undefined, itemOf(path), list)] },
    { ...scalar("name"), say: () => [] },
    { ...scalar("image"), say: (was, is, path, both) => [say`image ${image(was, is)}${tail(path, both)}`] },
    {
      ...scalar("resources", "*", "*"),
      say: (was, is, path, both) => {
        const [amount = "", resource = ""] = path.slice(-2);
        return [say`${it(resource)} ${amount.replace(/s$/, "")}${tail(path, both)} ${change(was, is)}`];
      },
    },
    { ...scalar("env", "[]"), say: (was, is, path, both) => [variable(was, is, itemOf(path), tail(path, both))] },
    { ...scalar("envFrom"), say: (was, is, path, both) => sources(was, is, tail(path, both)) },
    { ...scalar("ports", "[]"), say: (was, is, path, both) => [port(was, is, tail(path, both))] },
    ...["command", "args"].map((key) => ({
      ...scalar(key),
      say: ((was, is, path, both) => words(key, was, is, tail(path, both))) satisfies Rule["say"],
    })),
    { ...scalar("volumeMounts", "[]"), say: (was, is, path, both) => [mount(was, is, itemOf(path), tail(path, both))] },
    ...["readinessProbe", "livenessProbe", "startupProbe"].flatMap((probe): Rule[] => [
      {
        ...scalar(probe),
        oneSided: true,
        say: (was, is, path, both) => [
          say`${probeName(probe)}${tail(path, both)} ${was === undefined ? "added: " : "removed"}${was === undefined ? it(is) : ""}`,
        ],
      },
      {
        ...scalar(probe, "**"),
        say: (was, is, path, both) => [
          mine(was, is, `${probeName(probe)} ${dotted(path.slice(depth + 1))}`, tail(path, both)),
        ],
      },
    ]),
    ...securityRules([...here, "securityContext"], tail),
    { ...scalar("**"), say: (was, is, path, both) => [mine(was, is, dotted(path.slice(depth)), tail(path, both))] },
  ];
}

function dotted(path: Path): string {
  return path.join(".").replaceAll(".[", "[");
}

function mine(was: Json | undefined, is: Json | undefined, name: string, tail: string): Line {
  const line = byPath(was, is, [], name);
  const [first, ...rest] = line.parts;
  return { ...line, parts: [first!, tail, ...rest].filter((part) => part !== "") };
}

/** ` of container api`; nothing where a pod has only one container, since there is nothing to mistake it for. */
function ofContainer(path: Path, { was, is }: Both, pod: Path, list: string): string {
  const name = path[pod.length + 1]!.slice(1, -1);
  if (list === "initContainers") return ` of init container ${name}`;
  if (list === "ephemeralContainers") return ` of ephemeral container ${name}`;
  const names = [was, is].flatMap((side) => listAt(side, ...pod, list).map((item) => textAt(item, "name")));
  return new Set(names).size > 1 ? ` of container ${name}` : "";
}

function cameOrWent(container: Json | undefined, came: boolean, name: string, list: string): Line {
  const noun =
    list === "containers" ? "container" : list === "initContainers" ? "init container" : "ephemeral container";
  if (!came) return say`${noun} ${it(name)} removed`;
  const privileged = at(container, "securityContext", "privileged") === true;
  return dangerous(
    say`${noun} ${it(name)} added: image ${{ is: textAt(container, "image") }}`,
    privileged && "it is privileged: root on the node",
  );
}

/** `repository 1 → 2` where only the tag or digest differs, the whole names else. */
export function image(was: Json | undefined, is: Json | undefined) {
  const [before, after] = [reference(was), reference(is)];
  if (before.repository !== after.repository || was === undefined || is === undefined) {
    return change(was && shown(before), is && shown(after));
  }
  const versions = before.tag === after.tag ? [before.digest, after.digest] : [version(before), version(after)];
  return [it(after.repository), " ", ...change(versions[0] || "no tag", versions[1] || "no tag")];
}

interface Reference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

function reference(value: Json | undefined): Reference {
  const [name = "", digest = ""] = String(value ?? "").split("@");
  const colon = name.lastIndexOf(":");
  const tagged = colon > name.lastIndexOf("/");
  return {
    repository: tagged ? name.slice(0, colon) : name,
    tag: tagged ? name.slice(colon + 1) : "",
    digest: digest.slice(0, "sha256:".length + 12),
  };
}

function version({ tag, digest }: Reference): string {
  return [tag, digest].filter((part) => part !== "").join("@");
}

function shown(name: Reference): string {
  return `${name.repository}${name.tag === "" ? "" : `:${name.tag}`}${name.digest === "" ? "" : `@${name.digest}`}`;
}

function variable(was: Json | undefined, is: Json | undefined, name: string, tail: string): Line {
  const secret = /PASSW|SECRET|TOKEN|PRIVATE|CREDENTIAL|API_?KEY/i.test(name);
  const value = (variable: Json | undefined): string => {
    const from = at(variable, "valueFrom");
    if (!isObject(from)) return secret ? "(a value not shown)" : textAt(variable, "value") || '""';
    const [kind = "", reference] = Object.entries(from)[0] ?? [];
    const where =
      { configMapKeyRef: "ConfigMap", secretKeyRef: "Secret", fieldRef: "field", resourceFieldRef: "resource" }[kind] ??
      kind;
    const what = [
      textAt(reference, "name"),
      textAt(reference, "key") || textAt(reference, "fieldPath") || textAt(reference, "resource"),
    ];
    return `${where} ${what.filter((part) => part !== "").join("/")}`;
  };
  if (was === undefined) return say`env ${it(name)} added${tail}: ${{ is: cut(value(is)) }}`;
  if (is === undefined) return say`env ${it(name)} removed${tail}`;
  if (value(was) === value(is)) return say`env ${it(name)}${tail} changed`;
  return say`env ${it(name)}${tail} ${change(value(was), value(is))}`;
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function sources(was: Json | undefined, is: Json | undefined, tail: string): Line[] {
  const text = (item: Json) => {
    const kind = isObject(item) && item["secretRef"] !== undefined ? "secretRef" : "configMapRef";
    const prefix = textAt(item, "prefix");
    return `${kind === "secretRef" ? "Secret" : "ConfigMap"} ${textAt(item, kind, "name")}${prefix === "" ? "" : ` with prefix ${prefix}`}`;
  };
  const { gone, come } = setDifference(listAt(was), listAt(is));
  if (gone.length + come.length === 0) return [say`order of env sources${tail} changed`];
  return [
    ...come.map((item) => say`env from ${{ is: text(item) }} added${tail}`),
    ...gone.map((item) => say`env from ${{ was: text(item) }} removed${tail}`),
  ];
}

function port(was: Json | undefined, is: Json | undefined, tail: string): Line {
  const text = (value: Json | undefined) => {
    const name = textAt(value, "name");
    return `${name === "" ? "" : `${name} `}${textAt(value, "containerPort")}/${textAt(value, "protocol") || "TCP"}`;
  };
  const host = textAt(is, "hostPort");
  const line = say`port ${change(was && text(was), is && text(is))}${tail}`;
  if (host !== textAt(was, "hostPort")) {
    const opened = host !== "" && host !== "0";
    return dangerous(
      say`port ${it(text(is ?? was))}${tail}: host port ${change(at(was, "hostPort"), at(is, "hostPort"))}`,
      opened && "it listens on the node itself",
    );
  }
  return text(was) === text(is) ? byPath(was, is, [], `port ${text(is)}${tail}`) : line;
}

function mount(was: Json | undefined, is: Json | undefined, path: string, tail: string): Line {
  const text = (value: Json | undefined) => {
    const words = [`volume ${textAt(value, "name")}`];
    const below = textAt(value, "subPath") || textAt(value, "subPathExpr");
    if (below !== "") words.push(`at ${below}`);
    if (at(value, "readOnly") === true) words.push("read-only");
    return words.join(" ");
  };
  if (was === undefined) return say`mount ${it(path)} added${tail}: ${{ is: text(is) }}`;
  if (is === undefined) return say`mount ${it(path)} removed${tail}`;
  return text(was) === text(is)
    ? byPath(was, is, [], `mount ${path}${tail}`)
    : say`mount ${it(path)}${tail} ${change(text(was), text(is))}`;
}

function words(name: string, was: Json | undefined, is: Json | undefined, tail: string): Line[] {
  const { gone, come } = setDifference(listAt(was), listAt(is));
  const option = (word: Json) => /^(--?[^=\s]+)=/.exec(String(word))?.[1];
  if (was === undefined || is === undefined || gone.length + come.length > 6 || gone.length + come.length === 0) {
    const line = byPath(was, is, [], `${name}${tail}`);
    return [line];
  }
  const changed = gone.flatMap((word) => {
    const after = come.find((other) => option(word) !== undefined && option(other) === option(word));
    return after === undefined ? [] : [[word, after] as const];
  });
  const plainly = {
    gone: gone.filter((word) => !changed.some(([a]) => a === word)),
    come: come.filter((word) => !changed.some(([, b]) => b === word)),
  };
  const list = (items: Json[], key: "was" | "is") =>
    ({ [key]: enumerate(items.map(String)) }) as { was: string } | { is: string };
  return [
    ...changed.map(([a, b]) => say`${name}${tail} ${change(a, b)}`),
    ...(plainly.gone.length > 0 && plainly.come.length > 0
      ? [say`${name}${tail} ${list(plainly.gone, "was")} → ${list(plainly.come, "is")}`]
      : []),
    ...(plainly.come.length > 0 && plainly.gone.length === 0
      ? [say`${name}${tail} ${list(plainly.come, "is")} added`]
      : []),
    ...(plainly.gone.length > 0 && plainly.come.length === 0
      ? [say`${name}${tail} ${list(plainly.gone, "was")} removed`]
      : []),
  ];
}

function probeName(probe: string): string {
  return probe.replace("Probe", " probe");
}
