import { basename, dirname } from "node:path";
import { broken } from "./document.ts";
import type { Lock, Reader } from "./lock.ts";
import { readGo } from "./lockfiles/go.ts";
import { readGradle, readMavenInstall } from "./lockfiles/maven.ts";
import { readNpm } from "./lockfiles/npm.ts";
import { readPipenv } from "./lockfiles/pipenv.ts";
import { readPnpm } from "./lockfiles/pnpm.ts";
import { readPom } from "./lockfiles/pom.ts";
import { readPoetry, readUv } from "./lockfiles/python.ts";
import { readRequirements } from "./lockfiles/requirements.ts";
import { readYarn } from "./lockfiles/yarn.ts";

interface Kind {
  /** For messages. */
  readonly name: string;
  readonly matches: (name: string) => boolean;
  readonly read: Reader;
}

const KINDS: readonly Kind[] = [
  kind("pnpm-lock.yaml", readPnpm),
  kind("package-lock.json", readNpm),
  kind("npm-shrinkwrap.json", readNpm),
  kind("yarn.lock", readYarn),
  kind("uv.lock", readUv),
  kind("poetry.lock", readPoetry),
  {
    name: "*requirements*.txt",
    matches: (name) => name.includes("requirements") && name.endsWith(".txt"),
    read: readRequirements,
  },
  kind("Pipfile.lock", readPipenv),
  kind("go.mod", readGo),
  { name: "*maven_install.json", matches: (name) => name.endsWith("maven_install.json"), read: readMavenInstall },
  kind("gradle.lockfile", readGradle),
  kind("pom.xml", readPom),
];

/** A lockfile's text and its name in the repository. */
export interface Source {
  readonly text: string;
  readonly file: string;
}

/** Reads lockfiles of any kind, by their names; a go.sum belongs to the go.mod beside it. @throws Refusal */
export function readLocks(sources: readonly Source[]): Lock[] {
  const sums = sources.filter(({ file }) => basename(file) === "go.sum");
  for (const { file } of sums) {
    if (!sources.some((other) => other.file === beside(file, "go.mod"))) {
      const what = "it also lists versions that are not used";
      throw broken(
        file,
        undefined,
        what,
        `Give ${beside(file, "go.mod")} too: its \`require\` lines say what is used.`,
      );
    }
  }
  return sources
    .filter((source) => !sums.includes(source))
    .map(({ text, file }) => {
      const found = KINDS.find(({ matches }) => matches(basename(file)));
      if (found === undefined) {
        const names = [...KINDS.map(({ name }) => name), "go.sum"];
        throw broken(file, undefined, "this kind of lockfile is not supported", `Supported are ${names.join(", ")}.`);
      }
      if (found.read !== readGo) return found.read(text, file);
      return readGo(
        text,
        file,
        sums.find((sum) => sum.file === beside(file, "go.sum")),
      );
    });
}

function kind(name: string, read: Reader): Kind {
  return { name, matches: (other) => other === name, read };
}

function beside(file: string, name: string): string {
  const folder = dirname(file);
  return folder === "." ? name : `${folder}/${name}`;
}
