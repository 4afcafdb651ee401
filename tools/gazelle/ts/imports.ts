import { parseSync, Visitor } from "oxc-parser";

/** One module specifier as it is written, and where. */
export interface FoundImport {
  readonly specifier: string;
  readonly file: string;
  readonly line: number;
}

/** Imports of a file, or why it could not be read. */
export type ImportsOrError =
  | { readonly imports: readonly FoundImport[] }
  | { readonly error: { readonly line: number; readonly message: string } };

/**
 * Every module that a TypeScript file names: static, dynamic with a literal, re-exported, type-only, `import("x").T`,
 * `import.meta.resolve("x")`, `require("x")` and `/// <reference types="x" />`.
 */
export function findTypeScriptImports(file: string, text: string): ImportsOrError {
  const parsed = parseSync(file, text);
  const [error] = parsed.errors.filter(({ severity }) => severity === "Error");
  if (error) return { error: { line: lineAt(text, error.labels[0]?.start ?? 0), message: error.message } };
  const found = new Map<string, number>();
  const add = (specifier: string, offset: number): void => {
    if (!found.has(specifier)) found.set(specifier, offset);
  };
  for (const { moduleRequest } of parsed.module.staticImports) add(moduleRequest.value, moduleRequest.start);
  for (const { moduleRequest } of parsed.module.staticExports.flatMap(({ entries }) => entries)) {
    if (moduleRequest) add(moduleRequest.value, moduleRequest.start);
  }
  for (const [, type, offset] of referencedTypes(text)) add(type, offset);
  if (/\bimport\s*\(|import\.meta\.resolve|\brequire\b/.test(text)) visitCalls(parsed.program, add);
  return { imports: [...found].map(([specifier, offset]) => ({ specifier, file, line: lineAt(text, offset) })) };
}

/** What a style sheet names in `@import` and `url(…)`, but for URLs with a scheme. A path in `url(…)` is relative. */
export function findCssImports(file: string, text: string): readonly FoundImport[] {
  const code = text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "));
  const found = [...code.matchAll(/@import\s+["']([^"']+)["']|(@import\s+)?url\(\s*["']?([^"')]+?)["']?\s*\)/g)];
  return found.flatMap(({ 1: imported, 3: url, index }) => {
    const target = (imported ?? url!).replace(/[?#].*$/, "");
    if (target === "" || /^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return [];
    const specifier = imported !== undefined || /^[.~/]/.test(target) ? target : `./${target}`;
    return [{ specifier, file, line: lineAt(text, index) }];
  });
}

function* referencedTypes(text: string): Generator<[string, string, number]> {
  if (!text.includes("<reference")) return;
  for (const match of text.matchAll(/^\/\/\/\s*<reference\s+types=["']([^"']+)["']/gm)) {
    yield [match[0], match[1]!, match.index];
  }
}

type Program = Parameters<InstanceType<typeof Visitor>["visit"]>[0];

function visitCalls(program: Program, add: (specifier: string, offset: number) => void): void {
  const literal = (node: { type: string; value?: unknown; start: number } | undefined): void => {
    if (node?.type === "Literal" && typeof node.value === "string") add(node.value, node.start);
  };
  new Visitor({
    ImportExpression: ({ source }) => literal(source),
    TSImportType: ({ source }) => literal(source),
    CallExpression: ({ callee, arguments: [first] }) => {
      const isRequire = callee.type === "Identifier" && callee.name === "require";
      const member = callee.type === "MemberExpression" && !callee.computed ? callee : undefined;
      const resolves = member?.property.type === "Identifier" && member.property.name === "resolve";
      const onImportMeta = resolves && member.object.type === "MetaProperty";
      const onRequire = resolves && member.object.type === "Identifier" && member.object.name === "require";
      if (isRequire || onImportMeta || onRequire) literal(first);
    },
  }).visit(program);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
