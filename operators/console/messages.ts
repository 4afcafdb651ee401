/** One server-sent event. */
export interface Message {
  readonly event: string;
  readonly data: string;
}

/** The events of a body in `text/event-stream` (HTML Standard, "Server-sent events"), as far as `event` and `data` go. */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line));
      const valuesOf = (name: string) => lines.flatMap((line) => (line?.[1] === name ? [line[2] ?? ""] : []));
      yield { event: valuesOf("event").at(-1) ?? "message", data: valuesOf("data").join("\n") };
    }
  }
}
