import { isScalar, visit, type Document, type YAMLParseError, type YAMLWarning } from "yaml";

type SyntaxProblem = YAMLParseError | YAMLWarning;

const LINE = `this line does not fit those around it`;
const TEXTS: { readonly [C in SyntaxProblem["code"]]?: string } = {
  TAB_AS_INDENT: "a tab indents this line; indent with blanks",
  MULTIPLE_DOCS: "a second document begins here (---); a file holds one machine",
  BLOCK_AS_IMPLICIT_KEY: `${LINE}; look for a wrong indentation, a missing "- ", or a colon in a text without quotes`,
  MULTILINE_IMPLICIT_KEY: `${LINE}; expected key: value, with a blank after the colon`,
  BAD_INDENT: `${LINE}; indent it as they are`,
};

/** What is wrong with a file that is no YAML, in words for somebody who writes it. */
export function syntaxText({ code, message }: SyntaxProblem): string {
  if (/call stack|stack overflow/i.test(message)) return "it is nested more deeply than a machine can be";
  if (message.startsWith("Sequence item without")) return `${LINE}; expected "- " here, or more blanks before it`;
  if (message.startsWith("Missing closing")) return "the quote that begins here is never closed";
  if (message.startsWith("Flow ")) return "a [ or { above is not closed where it should be";
  return TEXTS[code] ?? `is no YAML: ${message}`;
}

/** Where the problem begins: a quote that is not closed is told at its own place, not at the end of the file. */
export function beginOf({ message, pos }: SyntaxProblem, document: Document.Parsed): number {
  let [begin] = pos;
  if (message.startsWith("Missing closing"))
    visit(document, {
      Scalar: (_, node) => {
        const [from, to] = node.range ?? [0, 0];
        if (isScalar(node) && from < pos[0] && to >= pos[0] && node.type?.startsWith("QUOTE")) begin = from;
      },
    });
  return begin;
}
