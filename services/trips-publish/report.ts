import type { Result } from "./importer.ts";

/** Where a command writes: results to `out`, what is going on to `err`. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** Tells what happens to files, for people or as JSON lines. */
export interface Report {
  result(result: Result): void;
  /** How many files are known; it grows while folders are listed. */
  found(files: number): void;
  note(message: string): void;
  /** Ends a line of progress, and tells the totals. */
  end(totals: Readonly<Record<string, number>>): void;
}

const EVERY_MS = 250;
const EVERY_WITHOUT_TERMINAL_MS = 5_000;

/** Makes a report. With `json`, each result and the totals are one object a line on `out`; else only problems are told. */
export function createReport({ out, err }: Streams, json: boolean): Report {
  const counts: Record<Result["kind"], number> = { published: 0, duplicate: 0, aside: 0, later: 0 };
  let [total, shownMs, open] = [0, 0, false];
  const closeLine = () => {
    if (open) err.write("\r\x1b[K");
    open = false;
  };
  const say = (text: string) => {
    closeLine();
    err.write(`${text}\n`);
  };
  const show = () => {
    const every = err.isTTY ? EVERY_MS : EVERY_WITHOUT_TERMINAL_MS;
    if (json || Date.now() - shownMs < every) return;
    shownMs = Date.now();
    const done = counts.published + counts.duplicate + counts.aside;
    const line = `${done} of ${total}: ${counts.published} published, ${counts.duplicate} duplicates, ${counts.aside} kept aside`;
    err.write(err.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    open = err.isTTY === true;
  };
  return {
    result(result) {
      counts[result.kind]++;
      if (json) out.write(`${JSON.stringify(result)}\n`);
      else if (result.kind === "aside") say(`kept aside  ${result.path}: ${result.message}`);
      else if (result.kind === "later")
        say(`again in ${Math.ceil(result.waitMs / 1_000)} s  ${result.path}: ${result.message}`);
      show();
    },
    found(files) {
      total = files;
      show();
    },
    note: (message) => say(message),
    end(totals) {
      closeLine();
      if (json) out.write(`${JSON.stringify({ kind: "totals", ...totals })}\n`);
      else
        out.write(
          `${Object.entries(totals)
            .map(([name, count]) => `${count} ${name}`)
            .join(", ")}\n`,
        );
    },
  };
}
