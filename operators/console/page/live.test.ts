import { expect, test } from "vitest";
import { withEntry } from "./live.ts";

const entry = (id: string, atMs: number, text = "") => ({ kind: "you", id, atMs, text }) as const;

test("entries stand with the newest first, wherever they come from; a known one is replaced", () => {
  const three = [entry("a", 3), entry("b", 1), entry("c", 2)].reduce(
    (entries, one) => withEntry(entries, one) as (typeof one)[],
    [] as ReturnType<typeof entry>[],
  );
  expect(three.map(({ id }) => id)).toEqual(["a", "c", "b"]);
  expect(withEntry(three, entry("c", 2, "again"))[1]).toMatchObject({ id: "c", text: "again" });
  expect(withEntry(three, entry("b", 9)).map(({ id }) => id)).toEqual(["b", "a", "c"]);
});

test("no more than 400 entries are kept, the oldest go", () => {
  let entries: readonly ReturnType<typeof entry>[] = [];
  for (let index = 0; index < 410; index++) entries = withEntry(entries, entry(String(index), index)) as typeof entries;
  expect(entries.length).toBe(400);
  expect(entries.at(-1)?.id).toBe("10");
});
