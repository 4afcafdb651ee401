import { expect, test } from "vitest";
import { Feed } from "./feed.ts";
import { messages } from "./messages.ts";

test("the feed keeps the last entries, in the order in which they happened, and tells of each", () => {
  const feed = new Feed(3);
  const told: string[] = [];
  const end = feed.onEntry(({ id }) => void told.push(id));
  const put = (id: string, atMs: number) => feed.put({ kind: "you", id, atMs, text: "" });
  put("b", 2);
  put("a", 1);
  put("b", 2);
  expect(feed.entries.map(({ id }) => id)).toEqual(["a", "b"]);
  end();
  put("c", 3);
  put("d", 4);
  expect(feed.entries.map(({ id }) => id)).toEqual(["a", "c", "d"]);
  expect(told).toEqual(["b", "a", "b"]);
  const look = { kind: "call", method: "GET", path: "/zones", body: null, end: null } as const;
  for (let index = 0; index < 9; index++) feed.put({ ...look, id: `look ${index}`, atMs: 9 });
  expect(feed.entries.map(({ id }) => id)).toEqual(["a", "c", "d", "look 6", "look 7", "look 8"]);
});

test("events of a stream are whole although they come in pieces, split characters included", async () => {
  const bytes = new TextEncoder().encode('event: one\ndata: "ö"\n\ndata: a\ndata: b\n\nevent: cut\n');
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const found = [];
  for await (const message of messages(body)) found.push(message);
  expect(found).toEqual([
    { event: "one", data: '"ö"' },
    { event: "message", data: "a\nb" },
  ]);
});
