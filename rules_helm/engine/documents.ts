import { type Document as Parsed, LineCounter, isMap, parseDocument } from "yaml";

/** A resource as helm printed it. */
export interface Resource {
  /** The bytes of helm from after the line `---` to the last line that counts; lines end with LF. */
  readonly text: string;
  /** The template that it comes from; "" for what has no `# Source:` line. */
  readonly source: string;
  /** Where its text begins in the output of helm, from 1. */
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** metadata.name, or generateName; "" for a list. */
  readonly name: string;
}

/** What one has to know of a document to speak of it. */
interface Piece {
  readonly text: string;
  readonly source: string;
  readonly line: number;
}

/** The resources in the output of `helm template`, in its order, and what is wrong with the others: one message each. */
export function readResources(output: string): { resources: Resource[]; faults: string[] } {
  const resources: Resource[] = [];
  const faults: string[] = [];
  const seen = new Map<string, Resource>();
  for (const piece of split(output.replaceAll("\r\n", "\n"))) {
    if (isEmpty(piece.text)) continue;
    const read = resource(piece);
    if (typeof read === "string") {
      faults.push(read);
      continue;
    }
    const twin = read.name === "" ? undefined : seen.get(identity(read));
    if (twin === undefined) {
      seen.set(identity(read), read);
      resources.push(read);
    } else {
      faults.push(
        `${where(read)}: there is already a ${describe(read)}, ${where(twin)}; give one of them another name, or render only one`,
      );
    }
  }
  return { resources, faults };
}

/** Group, kind, namespace and name: what there can be one of in a cluster. */
export function identity({ apiVersion, kind, namespace, name }: Resource): string {
  return [kind, namespace, name, groupOf(apiVersion)].join("\t");
}

/** `apps` of `apps/v1`, "" of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** A line that begins with `---` ends a document: helm itself splits there, so that no text of a scalar can be such a line. */
function split(output: string): Piece[] {
  const pieces: Piece[] = [];
  let source = "";
  let start = 0;
  let line = 1;
  const add = (end: number): void => {
    const text = output.slice(start, end);
    source = /^# Source: (.*)$/m.exec(text.slice(0, 4096))?.[1] ?? source;
    pieces.push({ text, source, line });
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) line += 1;
  };
  for (const match of output.matchAll(/^---[^\S\n]*(?:#.*)?(?:\n|$)?/gm)) {
    add(match.index);
    start = match.index + match[0].length;
    if (match[0].endsWith("\n")) line += 1;
  }
  add(output.length);
  return pieces;
}

function isEmpty(text: string): boolean {
  return /^(?:[^\S\n]*(?:#.*)?(?:\n|$)|%.*\n|\.\.\.\s*\n)*$/.test(text.length > 65_536 ? "x" : text);
}

function resource(piece: Piece): Resource | string {
  const counter = new LineCounter();
  const document = parseDocument(piece.text, { lineCounter: counter, logLevel: "silent", version: "1.1", merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = counter.linePos(error.pos[0]);
    return `${where(piece, line)}: ${firstLine(error.message)}; ${advice(error.code)}`;
  }
  const contents = document.contents;
  if (!isMap(contents)) {
    return `${where(piece)}: expected a Kubernetes resource (a mapping with apiVersion, kind and metadata), received ${whatIs(document)}; mend the template, or the \`---\` in it`;
  }
  const text = (...path: string[]): string => {
    const value = document.getIn(path);
    return typeof value === "string" ? value : "";
  };
  const [apiVersion, kind] = [text("apiVersion"), text("kind")];
  if (kind === "" || apiVersion === "") {
    return `${where(piece)}: no ${kind === "" ? "kind" : "apiVersion"}; expected a Kubernetes resource with apiVersion, kind and metadata.name`;
  }
  const name = text("metadata", "name") || text("metadata", "generateName");
  if (name === "" && !kind.endsWith("List")) {
    return `${where(piece)}: ${kind} has no metadata.name; give it a name, quoted if it looks like a number`;
  }
  return { ...piece, text: trimmed(piece.text), apiVersion, kind, name, namespace: text("metadata", "namespace") };
}

/** Without the empty lines at the end, unless a block scalar (`|+`) may keep them. */
function trimmed(text: string): string {
  return /[|>][1-9]?\+/.test(text) ? text : `${text.trimEnd()}\n`;
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "";
}

function advice(code: string): string {
  if (code === "DUPLICATE_KEY") return "keep one of the two, since readers of YAML differ in which they take";
  if (code === "TAB_AS_INDENT") return "indent with spaces";
  return "look at the indentation there (`nindent`, `indent`) and at values that need `quote`";
}

function whatIs(document: Parsed): string {
  const value: unknown = document.toJS();
  if (Array.isArray(value)) return "a sequence";
  return `the ${typeof value} ${JSON.stringify(value)?.slice(0, 60)}`;
}

function where({ source, line }: Pick<Piece, "source" | "line">, inside = 1): string {
  return `${source === "" ? "(no source)" : source}, line ${line + inside - 1} of the output`;
}

function describe({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}
