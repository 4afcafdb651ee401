/** The label as an absolute one with a target: `//a/b` → `//a/b:b`, `:c` in `a/b` → `//a/b:c`. */
export function absoluteLabel(label: string, fromPackage: string): string {
  const local = label.replace(/^@@?\/\//, "//");
  if (local.startsWith("@") && !local.includes("//")) return `${local}//:${local.replace(/^@+/, "")}`;
  const repository = /^@[^/]*/.exec(local)?.[0] ?? "";
  const rest = local.slice(repository.length);
  if (!rest.startsWith("//")) return `//${fromPackage}:${rest.replace(/^:/, "")}`;
  const colon = rest.indexOf(":");
  if (colon >= 0) return local;
  return `${local}:${rest.slice(2).split("/").at(-1)!}`;
}

/** The shortest spelling of an absolute label in a BUILD file of `fromPackage`. */
export function shortLabel(label: string, fromPackage: string): string {
  const match = /^(@[^/]*)?\/\/([^:]*):(.*)$/.exec(label);
  if (!match) return label;
  const [, repository = "", packagePath, name] = match;
  if (repository === "" && packagePath === fromPackage) return `:${name}`;
  return packagePath!.split("/").at(-1) === name ? `${repository}//${packagePath}` : label;
}
