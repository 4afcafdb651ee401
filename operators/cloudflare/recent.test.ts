import { expect, test } from "vitest";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { Recent } from "./recent.ts";

interface Item {
  readonly id: string;
  readonly text: string;
}
const item = (id: string, text = "listed"): Item => ({ id, text });
const idOf = ({ id }: Item) => id;

/** Keeps for a minute. */
function setting() {
  const clock = virtualClock();
  const recent = new Recent<Item>(clock, 60_000);
  const over = (items: readonly Item[], scope?: readonly Item[]) => recent.over(items, idOf, clock.nowMs(), scope);
  return { clock, recent, over };
}

test("what was written stands over a list that does not know it yet", () => {
  const { recent, over } = setting();
  recent.put("a", item("a", "written"));
  recent.put("b", item("b", "written"));
  recent.drop("c");
  expect(over([item("a"), item("c"), item("d")])).toEqual([item("a", "written"), item("d"), item("b", "written")]);
});

test("after the time a list counts for more", async () => {
  const { clock, recent, over } = setting();
  recent.put("a", item("a", "written"));
  recent.drop("c");
  await clock.advance(60_000);
  expect(over([item("a"), item("c")])).toEqual([item("a", "written")]);
  await clock.advance(1);
  expect(over([item("a"), item("c")])).toEqual([item("a"), item("c")]);
});

test("a list of a part is not filled with what was written elsewhere", () => {
  const { recent, over } = setting();
  for (const id of ["a", "b", "c"]) recent.put(id, item(id, "written"));
  expect(over([item("a")], [item("b")])).toEqual([item("a", "written"), item("b", "written")]);
  expect(over([], [])).toEqual([]);
});

test("what was written and then deleted is gone, and what was made again is there", () => {
  const { recent, over } = setting();
  recent.put("a", item("a", "written"));
  recent.drop("a");
  expect(over([item("a")])).toEqual([]);
  recent.put("a", item("a", "again"));
  expect(over([])).toEqual([item("a", "again")]);
});
