import type { Dependency } from "./dependency.ts";
import type { Ecosystem } from "./lock.ts";

/** Says whether packages are among labels of other repositories. */
export interface BazelNames {
  readonly has: (ecosystem: Ecosystem, name: string) => boolean;
}

/**
 * Finds packages by the names that Bazel rules give them: rules_python's `@pip//requests` or `@pip_311_requests//:pkg`, gazelle's
 * `@com_github_pkg_errors//:errors`, rules_jvm_external's `@maven//:com_google_guava_guava`. A name that could be meant counts.
 */
export function bazelNames(dependencies: readonly Dependency[]): BazelNames {
  const repositories = [...new Set(dependencies.map(({ repository }) => apparent(repository)))];
  const folders = new Set(dependencies.map((dependency) => dependency.package));
  const targets = new Set(dependencies.map(({ name }) => name));
  const has = (ecosystem: Ecosystem, name: string): boolean => {
    if (ecosystem === "Maven") return targets.has(underscored(name));
    if (ecosystem === "Go") return repositories.includes(goRepository(name));
    if (ecosystem === "npm") return false;
    const python = underscored(name);
    return folders.has(python) || repositories.some((repository) => `_${repository}`.endsWith(`_${python}`));
  };
  return { has };
}

// The part behind the last separator of a canonical name: `gazelle~~go_deps~com_github_pkg_errors`, with `+` since Bazel 8.
function apparent(repository: string): string {
  return repository.slice(Math.max(repository.lastIndexOf("~"), repository.lastIndexOf("+")) + 1);
}

function underscored(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "_");
}

// github.com/pkg/errors is com_github_pkg_errors.
function goRepository(path: string): string {
  const [host = "", ...rest] = path.split("/");
  return underscored([...host.split(".").reverse(), ...rest].join("_"));
}
