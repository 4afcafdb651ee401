import type { Problem } from "../model.ts";

/** What a machine may have at most; the largest that is known has a hundredth of it. */
const MOST_BYTES = 1_000_000;

/**
 * The text of a machine's file, without a byte order mark; a problem when it is no text or too long to be a machine.
 * @param file the path that messages show
 */
export function textOf(file: string, bytes: Uint8Array): string | Problem {
  if (bytes.length > MOST_BYTES)
    return {
      file,
      line: 1,
      column: 1,
      message: `the file has ${bytes.length} bytes, more than ${MOST_BYTES}; expected a state machine`,
    };
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const good = longestText(bytes);
    const lines = good.split("\n");
    return {
      file,
      line: lines.length,
      column: lines.at(-1)!.length + 1,
      message: `the file is no UTF-8 from here on (byte ${new TextEncoder().encode(good).length + 1}); save it as UTF-8`,
    };
  }
}

/** What decodes of bytes that are not all UTF-8. */
function longestText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).split("\uFFFD", 1)[0]!;
}
