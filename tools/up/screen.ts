/** A place for lines, with a block of status lines below them that is redrawn in place. */
export interface Screen {
  readonly print: (line: string) => void;
  /** Replaces the block below the printed lines; nothing happens where lines cannot be redrawn. */
  readonly status: (lines: readonly string[]) => void;
  /** Leaves the block as it is and goes on below it. */
  readonly close: () => void;
}

/** What a screen writes to. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly write: (text: string) => unknown;
}

/** A screen on a terminal, or on a pipe, where only lines are printed. */
export function openScreen(out: Terminal): Screen {
  if (out.isTTY !== true) {
    return { print: (line) => void out.write(`${line}\n`), status: () => {}, close: () => {} };
  }
  let block: readonly string[] = [];
  const erase = () => (block.length === 0 ? "" : `\x1b[${block.length}A\r\x1b[J`);
  const draw = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  return {
    print: (line) => void out.write(`${erase()}${line}\n${draw(block)}`),
    status: (lines) => {
      const text = `${erase()}${draw(lines)}`;
      block = lines;
      out.write(text);
    },
    close: () => {
      block = [];
    },
  };
}
