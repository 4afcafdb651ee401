import type { Directory, Problem } from "../extension.ts";
import { isBelow, join, relativeTo } from "../ignore.ts";
import { resolvePath, type TsConfig } from "./config.ts";
import { findCssImports, findTypeScriptImports, type FoundImport } from "./imports.ts";

/** True for files that tsc reads. */
export const isTypeScript = (file: string): boolean => /\.(ts|tsx|mts)$/.test(file);

/** True for files that vitest runs. */
export const isTest = (file: string): boolean => /\.test\.(ts|tsx|mts)$/.test(file);

/** True for style sheets. */
export const isStyle = (file: string): boolean => file.endsWith(".css");

/** What `resolve` needs of a rule: the files that it has itself, and what its sources import. */
export interface TsImports {
  readonly own: ReadonlySet<string>;
  readonly imports: readonly FoundImport[];
  readonly web: boolean;
  readonly test: boolean;
}

/** The sources of one folder: each is read once, and what does not parse is collected. */
export class Sources {
  readonly problems: Problem[] = [];
  readonly #directory: Directory<TsConfig>;
  readonly #imports = new Map<string, readonly FoundImport[]>();

  constructor(directory: Directory<TsConfig>) {
    this.#directory = directory;
  }

  /** Imports of files of this folder. */
  importsOf(files: readonly string[]): readonly FoundImport[] {
    return files.flatMap((file) => {
      const known = this.#imports.get(file) ?? this.#parse(join(this.#directory.path, file));
      this.#imports.set(file, known);
      return known;
    });
  }

  /**
   * Files of this package that `files` import, directly or through one another, and that no library gets of itself:
   * all but TypeScript, and test data.
   */
  assetsOf(files: readonly string[]): string[] {
    const found = new Set<string>();
    const queue = [...files];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      for (const { specifier, file: importer } of this.importsOf([file])) {
        const path = resolvePath(this.#directory.config.npm, importer, specifier);
        if (path === undefined || !isBelow(path, this.#directory.path)) continue;
        const local = relativeTo(path, this.#directory.path);
        const isAsset = this.#directory.files.includes(local) && !isTypeScript(local);
        if (found.has(local) || !(isAsset || this.isFixture(local))) continue;
        found.add(local);
        queue.push(local);
      }
    }
    return [...found];
  }

  /** True for files below testdata/: they are not walked, but a rule may have them. */
  isFixture(file: string): boolean {
    return file.split("/").includes("testdata") && this.#directory.repository.exists(join(this.#directory.path, file));
  }

  #parse(path: string): readonly FoundImport[] {
    const { repository } = this.#directory;
    if (!(isTypeScript(path) || isStyle(path)) || !repository.exists(path)) return [];
    if (isStyle(path)) return findCssImports(path, repository.read(path));
    const result = findTypeScriptImports(path, repository.read(path));
    if ("imports" in result) return result.imports;
    const { line, message } = result.error;
    this.problems.push({ file: path, line, message: `does not parse: ${message}; imports are read once it does` });
    return [];
  }
}
