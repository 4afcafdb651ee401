import { isBuiltin } from "node:module";
import type { ConfiguredFolder, Repository } from "../extension.ts";
import { join } from "../ignore.ts";

/** What a folder's main.ts or main.tsx makes. */
export type TsKind = "library" | "binary" | "service" | "site";

/** Configuration of a folder for TypeScript. */
export interface TsConfig {
  /** Said by `# gazelle:ts_kind`, here or above; undefined: the folder's place decides. */
  readonly kind: TsKind | undefined;
  /** True where the nearest tsconfig.json has the DOM in its `lib`: sources run in a browser. */
  readonly web: boolean;
  /** package.json of the root, the only npm importer. */
  readonly npm: NpmImporter;
}

/** The part of package.json that imports are resolved by. */
export interface NpmImporter {
  readonly name: string;
  readonly packages: ReadonlySet<string>;
  /** Subpath imports: "#lib/*" → "./lib/*". */
  readonly imports: readonly { readonly pattern: string; readonly target: string }[];
}

const kinds: readonly string[] = ["library", "binary", "service", "site"] satisfies TsKind[];

/** A folder's configuration from that of the folder above. */
export function configureTs(parent: TsConfig | undefined, folder: ConfiguredFolder): TsConfig {
  const base = parent ?? { kind: undefined, web: false, npm: readImporter(folder.repository) };
  const tsconfig = folder.path !== "" && folder.files.includes("tsconfig.json");
  const said = folder.directives.findLast(({ key }) => key === "ts_kind");
  const isKind = said !== undefined && kinds.includes(said.value);
  if (said && !isKind) folder.report(said, `"${said.value}" is no kind of folder; write one of ${kinds.join(", ")}`);
  return {
    ...base,
    kind: isKind ? (said.value as TsKind) : base.kind,
    web: tsconfig ? hasDom(folder.repository, join(folder.path, "tsconfig.json")) : base.web,
  };
}

/** The npm package that a specifier names, or undefined for paths, `#` imports and what Node brings itself. */
export function npmPackage(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier)) return undefined;
  const [first, second] = specifier.split("/");
  return first!.startsWith("@") ? `${first}/${second}` : first;
}

/** The package with the types of another: `ws` → `@types/ws`, `@a/b` → `@types/a__b`. */
export function typesPackage(name: string): string {
  return `@types/${name.replace(/^@/, "").replace("/", "__")}`;
}

/** Path from the root that a relative or `#` import names; undefined for npm packages and what leads out. */
export function resolvePath(importer: NpmImporter, fromFile: string, specifier: string): string | undefined {
  const bare = specifier.replace(/\?.*$/, "");
  if (bare.startsWith("#")) return subpathImport(importer, bare);
  return bare.startsWith(".") ? normalize(fromFile, bare) : undefined;
}

function subpathImport(importer: NpmImporter, specifier: string): string | undefined {
  for (const { pattern, target } of importer.imports) {
    const [before, after] = pattern.split("*") as [string, string | undefined];
    const matches =
      after === undefined
        ? specifier === pattern
        : specifier.startsWith(before) && specifier.endsWith(after) && specifier.length > before.length + after.length;
    if (matches) {
      const star = specifier.slice(before.length, specifier.length - (after ?? "").length);
      return target.replace(/^\.\//, "").replace("*", star);
    }
  }
  return undefined;
}

function readImporter(repository: Repository): NpmImporter {
  if (!repository.exists("package.json")) return { name: "root", packages: new Set(), imports: [] };
  const manifest = readJson(repository, "package.json");
  const dependencies = ["dependencies", "devDependencies", "optionalDependencies"].map((key) => manifest[key] ?? {});
  const imports = Object.entries(manifest["imports"] ?? {}).filter((entry): entry is [string, string] => {
    return typeof entry[1] === "string" && entry[1].startsWith("./");
  });
  return {
    name: typeof manifest["name"] === "string" ? manifest["name"] : "root",
    packages: new Set(dependencies.flatMap((group) => Object.keys(group as object))),
    imports: imports
      .map(([pattern, target]) => ({ pattern, target }))
      .sort((a, b) => b.pattern.length - a.pattern.length),
  };
}

function hasDom(repository: Repository, path: string): boolean {
  const config = readJson(repository, path) as { extends?: string; compilerOptions?: { lib?: string[] } };
  const lib = config.compilerOptions?.lib;
  if (lib) return lib.some((name) => name.toLowerCase() === "dom");
  if (!config.extends?.startsWith(".")) return false;
  const base = normalize(path, config.extends);
  return base !== undefined && hasDom(repository, base);
}

function normalize(fromFile: string, relative: string): string | undefined {
  const segments = fromFile.split("/").slice(0, -1);
  for (const segment of relative.split("/")) {
    if (segment === "..") {
      if (segments.length === 0) return undefined;
      segments.pop();
    } else if (segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}

function readJson(repository: Repository, path: string): Record<string, object | string | undefined> {
  try {
    return JSON.parse(repository.read(path)) as Record<string, object | string | undefined>;
  } catch (cause) {
    throw new Error(`${path} is not plain JSON (${(cause as Error).message}); take comments and trailing commas out`, {
      cause,
    });
  }
}
