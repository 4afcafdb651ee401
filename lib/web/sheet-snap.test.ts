import { expect, test } from "vitest";
import { settle, snapByKey, snapHeights } from "./sheet-snap.ts";

const heights = snapHeights(844, 88);

test("a sheet leaves some of the map visible at every rest", () => {
  expect(heights).toEqual({ peek: 88, half: 439, full: 772 });
  for (const height of Object.values(heights)) expect(height).toBeLessThan(844 - 44);
});

test("in a low window the rests close up and never cross", () => {
  const { peek, half, full } = snapHeights(180, 88);
  expect(peek).toBeLessThanOrEqual(half);
  expect(half).toBeLessThanOrEqual(full);
});

test("a sheet that is let go rests at the nearest height", () => {
  expect(settle(200, 0, heights)).toBe("peek");
  expect(settle(500, 0, heights)).toBe("half");
  expect(settle(700, 0, heights)).toBe("full");
});

test("a flick carries the sheet on", () => {
  expect(settle(450, 1.5, heights)).toBe("full");
  expect(settle(430, -1.5, heights)).toBe("peek");
});

test("keys move the sheet one rest, or to an end; other keys do nothing", () => {
  expect(snapByKey("peek", "ArrowUp")).toBe("half");
  expect(snapByKey("full", "ArrowUp")).toBe("full");
  expect(snapByKey("half", "ArrowDown")).toBe("peek");
  expect(snapByKey("peek", "Home")).toBe("full");
  expect(snapByKey("full", "End")).toBe("peek");
  expect(snapByKey("half", "a")).toBeUndefined();
});
