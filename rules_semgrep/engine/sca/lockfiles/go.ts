import { broken } from "../document.ts";
import type { Lock, LockedPackage } from "../lock.ts";
import { directivesIn, type Directive } from "./go-syntax.ts";

interface Replacement {
  readonly version: string | undefined;
  readonly path: string;
  readonly to: string | undefined;
}

/**
 * Reads go.mod, whose `require` lines are all modules of the build since Go 1.17. Nothing in it says what depends on what.
 *
 * @param sums the go.sum beside it, if there is one: it has to know each module
 */
export function readGo(source: string, file: string, sums?: { readonly text: string; readonly file: string }): Lock {
  const directives = directivesIn(source, file);
  const of = (verb: string): Directive[] => directives.filter((directive) => directive.verb === verb);
  if (of("module").length !== 1) throw broken(file, 1, "expected one line `module`", "Is it a go.mod?");
  const [go] = of("go");
  const version = go?.words[0] ?? "1.16";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 1 && minor < 17) {
    throw broken(
      file,
      go?.line ?? 1,
      `with go ${version} it does not list the modules that others need`,
      "`go mod tidy -go=1.17` lists them.",
    );
  }
  const replacements = new Map(of("replace").map((directive) => replacementOf(directive, file)));
  const known = sums === undefined ? undefined : knownSums(sums.text, sums.file);
  const seen = new Map<string, number>();
  const packages = of("require").map((directive): LockedPackage => {
    const { words, line, comment } = directive;
    const [path = "", wanted = ""] = words;
    if (words.length !== 2) throw broken(file, line, "expected a path and a version behind `require`", "`go mod tidy`");
    const before = seen.get(path);
    if (before !== undefined)
      throw broken(file, line, `${path} is there twice, also in line ${before}`, "`go mod tidy`");
    seen.set(path, line);
    const replaced = replacements.get(`${path}@${wanted}`) ?? replacements.get(path);
    const name = replaced?.to === undefined ? path : replaced.path;
    const used = replaced?.to ?? wanted;
    const isLocal = replaced !== undefined && replaced.to === undefined;
    if (known !== undefined && !isLocal && !known.has(`${name} ${used}`)) {
      const what = `${sums?.file ?? "go.sum"} does not know ${name} ${used}`;
      throw broken(file, line, what, "`go mod tidy` brings the two together.");
    }
    return {
      id: `${path}@${wanted}`,
      ecosystem: "Go",
      name,
      version: used,
      ...(isLocal ? { opaque: `it is replaced by ${replaced.path}` } : {}),
      notes: replaced?.to === undefined ? [] : [`it stands for ${path} ${wanted}`],
      relation: comment.trim().startsWith("indirect") ? "transitive" : "direct",
      line,
      edges: [],
    };
  });
  const roots = packages.map(({ id, name }) => ({ importer: null, name, id }));
  return { file, tool: "go", ecosystem: "Go", packages, roots };
}

// old [version] => new [version]; without the second version it is a folder.
function replacementOf({ words, line }: Directive, file: string): [string, Replacement] {
  const arrow = words.indexOf("=>");
  const [path, version] = words.slice(0, arrow);
  const [place, to] = words.slice(arrow + 1);
  if (arrow < 1 || path === undefined || place === undefined) {
    throw broken(file, line, "expected `replace old => new`", "https://go.dev/ref/mod#go-mod-file-replace");
  }
  return [version === undefined ? path : `${path}@${version}`, { version, path: place, to }];
}

function knownSums(source: string, file: string): Set<string> {
  const known = new Set<string>();
  for (const [index, line] of source.split("\n").entries()) {
    if (line.trim() === "") continue;
    const words = line.trim().split(" ");
    const [path, version = "", sum = ""] = words;
    if (words.length !== 3 || !sum.startsWith("h1:")) {
      throw broken(file, index + 1, "expected a module, a version and a sum", "Is it cut off? `go mod tidy` mends it.");
    }
    known.add(`${path} ${version.endsWith("/go.mod") ? version.slice(0, -"/go.mod".length) : version}`);
  }
  return known;
}
