import { basename } from "node:path";

interface Language {
  /** What semgrep-core calls it in a list of targets. */
  readonly analyzer: string;
  /** What rules may call it. */
  readonly names: readonly string[];
  readonly extensions: readonly string[];
  /** Whole names of files, where the name says it. */
  readonly files?: readonly string[];
  /** Programs in a first line `#!...`, where there is no extension. */
  readonly interpreters?: readonly string[];
}

// semgrep-core has no Starlark: rules for it are written for Python, which has the same syntax as far as BUILD files go.
const STARLARK = [".bzl", ".bazel", ".star"];
const STARLARK_FILES = ["BUILD", "WORKSPACE"];
const PYTHON = { extensions: [".py", ".pyi", ...STARLARK], files: STARLARK_FILES, interpreters: ["python", "python3"] };
const HCL = [".tf", ".tofu", ".hcl", ".tfvars"];
const CPP = [".cc", ".cpp", ".cxx", ".c++", ".pcc", ".tpp", ".C", ".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp"];

const LANGUAGES: readonly Language[] = [
  { analyzer: "typescript", names: ["typescript", "ts"], extensions: [".ts", ".tsx", ".mts", ".cts"] },
  {
    analyzer: "javascript",
    names: ["javascript", "js"],
    extensions: [".js", ".jsx", ".mjs", ".cjs"],
    interpreters: ["node"],
  },
  { analyzer: "python", names: ["python", "py"], ...PYTHON },
  { analyzer: "python2", names: ["python2"], ...PYTHON },
  { analyzer: "python3", names: ["python3"], ...PYTHON },
  { analyzer: "yaml", names: ["yaml"], extensions: [".yaml", ".yml"] },
  { analyzer: "json", names: ["json"], extensions: [".json", ".ipynb"] },
  {
    analyzer: "bash",
    names: ["bash", "sh"],
    extensions: [".sh", ".bash"],
    interpreters: ["sh", "bash", "dash", "ksh", "zsh"],
  },
  {
    analyzer: "dockerfile",
    names: ["dockerfile", "docker"],
    extensions: [".dockerfile", ".Dockerfile"],
    files: ["Dockerfile", "dockerfile", "Containerfile"],
  },
  { analyzer: "go", names: ["go", "golang"], extensions: [".go"] },
  { analyzer: "c", names: ["c"], extensions: [".c", ".h"] },
  { analyzer: "cpp", names: ["cpp", "c++"], extensions: CPP },
  { analyzer: "csharp", names: ["csharp", "c#"], extensions: [".cs"] },
  { analyzer: "hcl", names: ["hcl"], extensions: HCL },
  { analyzer: "terraform", names: ["terraform", "tf"], extensions: HCL },
  { analyzer: "html", names: ["html"], extensions: [".html", ".htm"] },
  { analyzer: "java", names: ["java"], extensions: [".java"] },
  { analyzer: "jsonnet", names: ["jsonnet"], extensions: [".jsonnet", ".libsonnet"] },
  { analyzer: "kotlin", names: ["kotlin", "kt"], extensions: [".kt", ".kts", ".ktm"] },
  { analyzer: "lua", names: ["lua"], extensions: [".lua"], interpreters: ["lua"] },
  { analyzer: "php", names: ["php"], extensions: [".php", ".phtml"], interpreters: ["php"] },
  { analyzer: "protobuf", names: ["protobuf", "proto", "proto3"], extensions: [".proto"] },
  { analyzer: "ruby", names: ["ruby"], extensions: [".rb"], interpreters: ["ruby"] },
  { analyzer: "rust", names: ["rust"], extensions: [".rs"] },
  { analyzer: "scala", names: ["scala"], extensions: [".scala"] },
  { analyzer: "swift", names: ["swift"], extensions: [".swift"] },
  { analyzer: "vue", names: ["vue"], extensions: [".vue"] },
  { analyzer: "xml", names: ["xml"], extensions: [".xml", ".plist"] },
];

/** Ids of rules that begin so are the ruleset's own. */
export const RESERVED = "rules_semgrep.";

/** Rules of these languages look at every file as text. */
export const TEXT_ANALYZERS: readonly string[] = ["generic", "regex"];

const BY_NAME = new Map<string, string>([
  ...LANGUAGES.flatMap(({ analyzer, names }) => names.map((name): [string, string] => [name, analyzer])),
  ["generic", "generic"],
  ["regex", "regex"],
  ["none", "regex"],
]);

/** The analyzer that runs rules of a language; undefined for a language that is not scanned. */
export function analyzerOf(language: string): string | undefined {
  return BY_NAME.get(language.toLowerCase());
}

/** All languages that a rule may name. */
export function languageNames(): string[] {
  return [...BY_NAME.keys()].sort();
}

/** All analyzers for programming and data languages: what is not text. */
export function codeAnalyzers(): string[] {
  return LANGUAGES.map(({ analyzer }) => analyzer);
}

/**
 * The analyzers that read a file, beside those for text: by its name, by its extension, by the program in its first line.
 *
 * @param path of the file
 * @param firstLine is only called for a file without an extension
 */
export function analyzersFor(path: string, firstLine: () => string): string[] {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot) : "";
  const stem = dot > 0 ? name.slice(0, name.indexOf(".")) : name;
  const found = LANGUAGES.filter(
    ({ extensions, files = [] }) =>
      extensions.includes(extension) || files.includes(name) || (files.includes(stem) && isDockerfile(stem)),
  );
  if (found.length > 0 || extension !== "") return found.map(({ analyzer }) => analyzer);
  const program = interpreterIn(firstLine());
  return LANGUAGES.filter(({ interpreters = [] }) => interpreters.includes(program)).map(({ analyzer }) => analyzer);
}

// Dockerfile.debug and the like.
function isDockerfile(stem: string): boolean {
  return stem === "Dockerfile" || stem === "Containerfile";
}

function interpreterIn(line: string): string {
  if (!line.startsWith("#!")) return "";
  const words = line.slice(2).trim().split(/\s+/);
  const [first = "", ...rest] = words.map((word) => basename(word));
  const program = first === "env" ? rest.find((word) => !word.startsWith("-") && !word.includes("=")) : first;
  return (program ?? "").replace(/\.\d+$/, "");
}
