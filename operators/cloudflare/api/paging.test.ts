import { expect, test } from "vitest";
import type { Call, Caller } from "./call.ts";
import { listAll } from "./paging.ts";
import type { CallOptions } from "./types.ts";

interface Page {
  readonly result: unknown;
  readonly totalCount?: number;
}
const items = (...ids: readonly number[]) => ids.map((id) => ({ id: `i${id}` }));

/** Reads a list whose pages are answered one after the other, the last one again and again. */
async function reading(answers: readonly (Page | "error")[], only?: (value: unknown) => boolean) {
  const calls: Call[] = [];
  const given: (CallOptions | undefined)[] = [];
  const call: Caller = async (made, options) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)]!;
    calls.push(made);
    given.push(options);
    if (answer === "error")
      return { ok: false, error: { kind: "ServerError", code: 0, message: "broken", status: 500 } };
    return { ok: true, value: answer };
  };
  const listing = { name: "things.list", path: "/things", query: { name: "x" }, ...(only && { only }) };
  const options: CallOptions = { priority: "background" };
  const answer = await listAll(
    call,
    listing,
    2,
    (value) => ({ ok: true, value: (value as { readonly id: string }).id }),
    options,
  );
  expect(given.every((one) => one === options)).toBe(true);
  return { answer, pages: calls.map(({ query }) => query) };
}

test("pages are read until all that were counted are there", async () => {
  const { answer, pages } = await reading([
    { result: items(1, 2), totalCount: 3 },
    { result: items(3), totalCount: 3 },
  ]);
  expect(answer).toEqual({ ok: true, value: ["i1", "i2", "i3"] });
  expect(pages).toEqual([
    { name: "x", page: "1", per_page: "2" },
    { name: "x", page: "2", per_page: "2" },
  ]);
});

test("a full last page is the last one, and an empty list is one call", async () => {
  expect((await reading([{ result: items(1, 2), totalCount: 2 }])).pages).toHaveLength(1);
  const { answer, pages } = await reading([{ result: [], totalCount: 0 }]);
  expect([answer, pages.length]).toEqual([{ ok: true, value: [] }, 1]);
});

test("pages may hold less than was asked for", async () => {
  const counted = [1, 2, 3].map((id) => ({ result: items(id), totalCount: 3 }));
  expect((await reading(counted)).answer).toEqual({ ok: true, value: ["i1", "i2", "i3"] });
  const uncounted = [...[1, 2, 3].map((id) => ({ result: items(id) })), { result: [] }];
  expect((await reading(uncounted)).answer).toEqual({ ok: true, value: ["i1", "i2", "i3"] });
});

test("a list that always answers with the same page ends", async () => {
  expect((await reading([{ result: items(1, 2) }])).answer).toEqual({ ok: true, value: ["i1", "i2"] });
  expect((await reading([{ result: items(1, 2), totalCount: 9 }])).answer).toMatchObject({ ok: false });
});

test("a list from which something was deleted between two pages is read again", async () => {
  const { answer, pages } = await reading([
    { result: items(1, 2), totalCount: 4 },
    { result: items(4), totalCount: 3 },
    { result: items(2, 3), totalCount: 3 },
    { result: items(4), totalCount: 3 },
  ]);
  expect(answer).toEqual({ ok: true, value: ["i2", "i3", "i4"] });
  expect(pages.map((query) => query?.["page"])).toEqual(["1", "2", "1", "2"]);
});

test("a list that never comes to rest is a failure, and not half a list", async () => {
  const { answer } = await reading([
    { result: items(1, 2), totalCount: 4 },
    { result: items(2, 3), totalCount: 4 },
    { result: [], totalCount: 3 },
  ]);
  expect(answer).toMatchObject({
    ok: false,
    error: {
      kind: "ServerError",
      message: expect.stringMatching(/^things.list changed while it was read, 3 times: \d of .*expected it to rest/),
    },
  });
});

test("an item that two pages show is one", async () => {
  const { answer } = await reading([
    { result: items(1, 2), totalCount: 3 },
    { result: items(2, 3), totalCount: 3 },
  ]);
  expect(answer).toEqual({ ok: true, value: ["i1", "i2", "i3"] });
});

test("what is of another kind is counted and passed over", async () => {
  const { answer } = await reading(
    [{ result: items(1, 2), totalCount: 2 }],
    (value) => (value as { id: string }).id === "i2",
  );
  expect(answer).toEqual({ ok: true, value: ["i2"] });
});

test.each([
  ["a page that fails", [{ result: items(1, 2), totalCount: 3 }, "error"] as const, /broken/],
  ["an answer without a list", [{ result: { id: 1 } }] as const, /^things.list: the answer holds no list/],
])("%s fails the whole list", async (_, answers, message) => {
  expect((await reading(answers)).answer).toMatchObject({
    ok: false,
    error: { message: expect.stringMatching(message) },
  });
});
