import { SaxesParser } from "saxes";
import { type Collector, Refusal } from "./reading.ts";

/** An element that stands open; names are without their prefix. */
export interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The line of its start tag's end, from 1. */
  readonly line: number;
}

/** What a reader does with a document. `parents` are the elements around, the outermost first. */
export interface XmlReader {
  open(element: OpenElement, parents: readonly OpenElement[]): void;
  /** `text` is what stood directly in the element, trimmed. */
  close(element: OpenElement, text: string, parents: readonly OpenElement[]): void;
}

const MAX_DEPTH = 100;
const MAX_ATTRIBUTES = 100;
const CHUNK = 64 * 1024;

/**
 * Hands the elements of an XML document to a reader, one after the other, with the lines they stand in.
 * Where the document is not well-formed (often: cut off) it ends, and the collector is told of it.
 *
 * @throws Refusal `hostile` at a document type (the only way to define entities), at elements in more than 100 others,
 *   at more than 100 attributes; nothing is ever loaded from elsewhere.
 */
export function readXml(text: string, reader: XmlReader, collector: Collector): void {
  const open: OpenElement[] = [];
  const texts: string[] = [];
  let attributes = 0;
  const parser = new SaxesParser({ xmlns: false, position: true });
  const hostile = (message: string) => new Refusal("hostile", message, { line: parser.line });
  parser.on("error", (error) => {
    throw new BrokenXml(error.message, { cause: error });
  });
  parser.on("doctype", () => {
    throw hostile("The file has a document type (DOCTYPE), which may define entities; remove it.");
  });
  parser.on("opentagstart", () => {
    if (open.length >= MAX_DEPTH)
      throw hostile(`Elements stand in more than ${MAX_DEPTH} others; no track file does that.`);
    attributes = 0;
  });
  parser.on("attribute", () => {
    if (++attributes > MAX_ATTRIBUTES)
      throw hostile(`An element has more than ${MAX_ATTRIBUTES} attributes; no track file does that.`);
  });
  parser.on("opentag", (tag) => {
    const element = { name: localName(tag.name), attributes: tag.attributes, line: parser.line };
    reader.open(element, open);
    open.push(element);
    texts.push("");
  });
  const onText = (part: string) => {
    if (open.length > 0) texts[open.length - 1] += part;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    const [ended, content] = [open.pop(), texts.pop()];
    if (ended) reader.close(ended, content?.trim() ?? "", open);
  });
  try {
    for (let start = 0; start < text.length; start += CHUNK) {
      parser.write(text.slice(start, start + CHUNK));
    }
    parser.close();
  } catch (error) {
    if (!(error instanceof BrokenXml)) throw error;
    collector.fault(`The XML is broken here (${error.message}); what stands behind is lost.`, parser.line);
  }
}

class BrokenXml extends Error {}

const localName = (name: string) => name.slice(name.indexOf(":") + 1);

/** The number that a text is; NaN when it is blank or none. */
export function numberOf(text: string | undefined): number {
  return text === undefined || text.trim() === "" ? NaN : Number(text);
}

/** The text of an XML file: by its byte order mark, else by the encoding that it declares, else UTF-8. */
export function xmlText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
  const label =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : (/^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1] ?? "utf-8");
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (cause) {
    throw new Refusal("broken", `The file says that its encoding is ${label}, which is unknown; save it as UTF-8.`, {
      line: 1,
      cause,
    });
  }
}
