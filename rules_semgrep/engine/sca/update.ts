import type { Match } from "./match.ts";

type Wanted = Pick<Match, "tool" | "package" | "fixed" | "relation" | "lockfile">;

/** The command that brings a package of a lockfile to a version; a sentence where no command does it. */
export function updateCommand({ tool, package: name, fixed, relation, lockfile }: Wanted): string {
  const isDirect = relation !== "transitive";
  const exact = fixed === null ? name : `${name}@${fixed}`;
  const python = fixed === null ? name : `${name}==${fixed}`;
  switch (tool) {
    case "pnpm":
      return isDirect ? `pnpm --recursive update ${exact}` : `pnpm --recursive update --depth Infinity ${name}`;
    case "npm":
      return isDirect ? `npm install ${exact}` : `npm update ${name}`;
    case "yarn-classic":
      return isDirect ? `yarn upgrade ${exact}` : `yarn upgrade ${name}, or an entry in "resolutions" of package.json`;
    case "yarn":
      return isDirect ? `yarn up ${exact}` : `yarn up --recursive ${name}`;
    case "uv":
      return `uv lock --upgrade-package ${python}`;
    case "poetry":
      return isDirect && fixed !== null ? `poetry add ${python}` : `poetry update ${name}`;
    case "pip":
      return `uv pip compile --upgrade-package ${python} --output-file ${lockfile} with the file it is compiled from`;
    case "pipenv":
      return `pipenv upgrade ${python}`;
    case "go":
      return `go get ${name}@${fixed === null ? "latest" : fixed.startsWith("v") ? fixed : `v${fixed}`} && go mod tidy`;
    case "rules_jvm_external":
      return `${fixed === null ? "a newer version" : `${name}:${fixed}`} in maven.install of MODULE.bazel, then bazel run @maven//:pin`;
    case "gradle":
      return `gradle dependencies --update-locks ${name}`;
    case "maven":
      return `<version>${fixed ?? "a newer one"}</version> of ${name} in ${lockfile}`;
  }
}
