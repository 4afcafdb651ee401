// The subset of YAML that pnpm writes into pnpm-lock.yaml: nested mappings, lists, flow collections, quoted and block scalars.

class LockSyntaxError extends Error {}

/** Reads one value of a flow collection or a scalar from `text` at `at`; returns the value and where it ends. */
function readFlow(text, at, stops) {
  while (text[at] === " ") at++;
  if (text[at] === "{" || text[at] === "[") return readCollection(text, at);
  if (text[at] === "'" || text[at] === '"') return readQuoted(text, at);
  let end = at;
  while (end < text.length && !stops.includes(text[end])) end++;
  return [plain(text.slice(at, end).trim()), end];
}

function readQuoted(text, at) {
  const quote = text[at];
  let end = at + 1;
  while (end < text.length) {
    if (quote === '"' && text[end] === "\\") end += 2;
    else if (text[end] !== quote) end++;
    else if (quote === "'" && text[end + 1] === "'") end += 2;
    else break;
  }
  if (text[end] !== quote) throw new LockSyntaxError(`a string has no closing ${quote}: ${text}`);
  const inner = text.slice(at + 1, end);
  return [quote === "'" ? inner.replaceAll("''", "'") : JSON.parse(`"${inner}"`), end + 1];
}

function readCollection(text, at) {
  const closing = text[at] === "{" ? "}" : "]";
  const entries = [];
  at++;
  for (;;) {
    while (text[at] === " " || text[at] === ",") at++;
    if (text[at] === closing) break;
    if (at >= text.length) throw new LockSyntaxError(`a ${closing} is missing: ${text}`);
    let value;
    if (closing === "}") {
      const [key, afterKey] = readFlow(text, at, ":");
      [value, at] = readFlow(text, afterKey + 1, ",}");
      entries.push([key, value]);
    } else {
      [value, at] = readFlow(text, at, ",]");
      entries.push(value);
    }
  }
  return [closing === "}" ? Object.fromEntries(entries) : entries, at + 1];
}

function plain(text) {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null" || text === "~" || text === "") return null;
  return text;
}

/** Splits `key: rest`; the key may be quoted and may hold colons. */
function splitKey(text) {
  if (text[0] === "'" || text[0] === '"') {
    const [key, end] = readQuoted(text, 0);
    if (text[end] !== ":") throw new LockSyntaxError(`expected ":" after ${text.slice(0, end)}`);
    return [key, text.slice(end + 1).trim()];
  }
  const at = text.endsWith(":") && !text.includes(": ") ? text.length - 1 : text.indexOf(": ");
  if (at < 0) throw new LockSyntaxError(`expected "key: value", found ${text}`);
  return [text.slice(0, at), text.slice(at + 1).trim()];
}

/**
 * Parses a lock file's text into plain objects and lists; numbers stay strings, since versions are.
 * Throws an error with the line's number where it meets YAML that pnpm does not write.
 */
export function parseLock(text) {
  const documents = text.split(/^---.*$/m).filter((part) => part.trim() !== "");
  if (documents.length === 0) throw new Error("the file is empty");
  const lines = documents
    .at(-1)
    .split("\n")
    .map((line, index) => ({ indent: line.length - line.trimStart().length, text: line.trim(), number: index + 1 }));
  let at = 0;
  const skipBlank = () => {
    while (at < lines.length && (lines[at].text === "" || lines[at].text[0] === "#")) at++;
  };

  function readBlockScalar(style, indent) {
    const kept = [];
    while (at < lines.length && (lines[at].text === "" || lines[at].indent > indent)) kept.push(lines[at++].text);
    return kept.join(style[0] === "|" ? "\n" : " ").trim();
  }

  function readValue(rest, indent) {
    if (rest[0] === "|" || rest[0] === ">") return readBlockScalar(rest, indent);
    if (rest !== "") return readFlow(rest, 0, "")[0];
    skipBlank();
    if (at >= lines.length) return null;
    const next = lines[at];
    if (next.text.startsWith("- ") && next.indent >= indent) return readList(next.indent);
    return next.indent > indent ? readMapping(next.indent) : null;
  }

  function readList(indent) {
    const items = [];
    for (
      skipBlank();
      at < lines.length && lines[at].indent === indent && lines[at].text.startsWith("- ");
      skipBlank()
    ) {
      items.push(readFlow(lines[at++].text.slice(2), 0, "")[0]);
    }
    return items;
  }

  function readMapping(indent) {
    const mapping = {};
    for (skipBlank(); at < lines.length && lines[at].indent === indent; skipBlank()) {
      let { text: line } = lines[at++];
      if (line.startsWith("? ")) {
        const key = readFlow(line.slice(2), 0, "")[0];
        skipBlank();
        if (!lines[at]?.text.startsWith(":")) throw new LockSyntaxError(`expected ":" after the key ${key}`);
        line = lines[at].text.slice(1).trim();
        lines[at] = { indent: indent + 2, text: line, number: lines[at].number };
        mapping[key] = readMapping(indent + 2);
        continue;
      }
      const [key, rest] = splitKey(line);
      mapping[key] = readValue(rest, indent);
    }
    if (at < lines.length && lines[at].indent > indent)
      throw new LockSyntaxError(`unexpected indentation: ${lines[at].text}`);
    return mapping;
  }

  try {
    skipBlank();
    return readMapping(0);
  } catch (error) {
    if (!(error instanceof LockSyntaxError)) throw error;
    throw new Error(`line ${lines[Math.max(0, at - 1)].number}: ${error.message}`, { cause: error });
  }
}
