import { expect, test } from "vitest";
import type { Entry } from "../snapshot.ts";
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

test("no more than 300 entries are kept, the oldest go; calls that only look push out nothing else", () => {
  let entries: readonly Entry[] = [];
  const end = { status: 200, ms: 1, answer: null };
  for (let index = 0; index < 310; index++) {
    entries = withEntry(entries, entry(String(index), index));
    const look = { kind: "call", id: `look ${index}`, atMs: index, method: "GET", path: "/zones", body: null } as const;
    entries = withEntry(entries, { ...look, end });
  }
  expect(entries.length).toBe(600);
  expect(entries.filter(({ kind }) => kind === "you").at(-1)?.id).toBe("10");
  expect(entries.filter(({ kind }) => kind === "call").at(-1)?.id).toBe("look 10");
});
