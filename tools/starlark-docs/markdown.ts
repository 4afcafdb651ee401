import { format } from "prettier";
import type { ModuleDocs, Parameter, Symbol } from "./module-info.ts";

const headings: Readonly<Record<Symbol["kind"], string>> = {
  function: "Macros and functions",
  rule: "Rules",
  provider: "Providers",
  aspect: "Aspects",
};

/** As in the repository's .prettierrc.json, which `//:format` applies to what is committed. */
const form = { printWidth: 120, proseWrap: "preserve" } as const;

/**
 * The reference of a ruleset as Markdown, in the form that the repository's formatter leaves alone. Symbols are sorted by
 * kind and name, so that moving one in the source changes nothing. Throws an error that names every exported symbol,
 * parameter, attribute or field without a docstring.
 */
export async function referenceOf(title: string, modules: readonly ModuleDocs[]): Promise<string> {
  const silent = modules.flatMap(undocumented);
  if (silent.length > 0) {
    throw new Error(
      `these have no docstring; say what a caller must know:\n${silent.map((one) => `  ${one}`).join("\n")}`,
    );
  }
  const parts = [`# ${title}`, "Written from the docstrings; change those.", ...modules.flatMap(moduleParts)];
  return format(parts.join("\n\n"), { parser: "markdown", ...form });
}

function undocumented({ file, symbols }: ModuleDocs): string[] {
  return symbols.flatMap(({ name, doc, parameters }) => [
    ...(doc === "" ? [`${file}: ${name}`] : []),
    ...parameters.filter((one) => one.doc === "" && one.name !== "name").map((one) => `${file}: ${name}: ${one.name}`),
  ]);
}

function moduleParts({ file, doc, symbols }: ModuleDocs): string[] {
  const kinds = Object.keys(headings) as Symbol["kind"][];
  return [
    `## ${file.replace(/^@+[^/]*/, "").replace(/^\/\/:?/, "")}`,
    doc,
    ...kinds.flatMap((kind) => {
      const own = symbols.filter((one) => one.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
      return own.length === 0 ? [] : [`### ${headings[kind]}`, ...own.flatMap(symbolParts)];
    }),
  ];
}

function symbolParts({ name, doc, parameters, returns, kind }: Symbol): string[] {
  const list = parameters.map((one) => parameter(one, kind)).join("\n");
  return [
    `#### ${name}`,
    doc,
    ...(list === ""
      ? []
      : [kind === "provider" ? "Fields:" : kind === "function" ? "Arguments:" : "Attributes:", list]),
    ...(returns === "" ? [] : [`Returns ${returns}`]),
  ];
}

function parameter({ name, doc, mandatory, defaultValue, type }: Parameter, kind: Symbol["kind"]): string {
  const said = [
    ...(type === "" || type === "name" ? [] : [type]),
    ...(kind === "provider"
      ? []
      : mandatory
        ? ["required"]
        : defaultValue === ""
          ? []
          : [`default \`${defaultValue}\``]),
  ];
  const text = doc || "the target's name";
  const indented = text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n  ");
  return `- \`${name}\`${said.length > 0 ? ` (${said.join(", ")})` : ""}: ${indented}`;
}
