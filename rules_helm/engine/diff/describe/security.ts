import { byPath, type Both, type Path, type Rule, setDifference } from "../changes.ts";
import { change, dangerous, enumerate, type Line, say } from "../say.ts";
import { type Json, listAt, textAt } from "../tree.ts";

type Tail = (path: Path, both: Both) => string;

/** What changes in a securityContext at a path, of a pod or a container; more privilege is a danger. */
export function securityRules(at: Path, tail: Tail): readonly Rule[] {
  const rule = (key: string, danger: (was: Json | undefined, is: Json | undefined) => string | false): Rule => ({
    at: [...at, key],
    say: (was, is, path, both) => [dangerous(phrase(key, was, is, tail(path, both)), danger(was, is))],
  });
  return [
    rule("privileged", (_, is) => is === true && "root on the node"),
    rule(
      "allowPrivilegeEscalation",
      (was, is) => was === false && is !== false && "processes may gain more rights than their parent",
    ),
    rule("readOnlyRootFilesystem", (was, is) => was === true && is !== true && "an attacker can write programs"),
    rule("runAsNonRoot", (was, is) => was === true && is !== true && "it may run as root"),
    rule("runAsUser", (_, is) => (is === 0 || is === "0") && "it runs as root"),
    rule("runAsGroup", (_, is) => (is === 0 || is === "0") && "it runs in root's group"),
    rule("procMount", (_, is) => is === "Unmasked" && "/proc is not masked"),
    {
      at: [...at, "capabilities", "add"],
      say: (was, is, path, both) => capabilities("added", was, is, tail(path, both)),
    },
    {
      at: [...at, "capabilities", "drop"],
      say: (was, is, path, both) => capabilities("dropped", was, is, tail(path, both)),
    },
    {
      at: [...at, "seccompProfile"],
      say: (was, is, path, both) => {
        const less = (textAt(is, "type") || "Unconfined") === "Unconfined";
        return [
          dangerous(
            phrase("seccomp profile", profile(was), profile(is), tail(path, both)),
            less && was !== undefined && "all system calls are open",
          ),
        ];
      },
    },
    {
      at: [...at, "**"],
      say: (was, is, path, both) => [byPath(was, is, path, `${path.slice(at.length).join(".")}${tail(path, both)}`)],
    },
  ];
}

function phrase(name: string, was: Json | undefined, is: Json | undefined, tail: string): Line {
  return say`${{ it: name }}${tail} ${change(was, is)}`;
}

function profile(value: Json | undefined): string | undefined {
  return value === undefined
    ? undefined
    : [textAt(value, "type"), textAt(value, "localhostProfile")].filter((word) => word !== "").join(" ");
}

function capabilities(verb: "added" | "dropped", was: Json | undefined, is: Json | undefined, tail: string): Line[] {
  const { gone, come } = setDifference(listAt(was), listAt(is));
  const names = (items: readonly Json[]) => enumerate(items.map(String));
  const [wider, narrower] = verb === "added" ? [come, gone] : [gone, come];
  const noun = (items: readonly Json[]) => (items.length === 1 ? "capability" : "capabilities");
  return [
    ...(wider.length === 0
      ? []
      : [
          dangerous(
            say`${noun(wider)} ${{ is: names(wider) }}${tail} ${verb === "added" ? "added" : "no longer dropped"}`,
            "its processes may do more",
          ),
        ]),
    ...(narrower.length === 0
      ? []
      : [
          say`${noun(narrower)} ${{ was: names(narrower) }}${tail} ${verb === "added" ? "no longer added" : "dropped"}`,
        ]),
  ];
}
