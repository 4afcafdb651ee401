import { expect, test } from "vitest";
import { formatView, parseAddress, withAddress } from "./address.ts";

const view = { lat: 57.47908, lng: -4.22398, zoom: 9.5, pitch: 0, bearing: 0 };

test("an address says what is shown, and what makes no sense in it counts as not said", () => {
  expect(parseAddress("?trip=coast&day=2026-05-01&photo=x%20y&seq=12&share=s&filter=off")).toEqual({
    trip: "coast",
    day: "2026-05-01",
    photo: "x y",
    seq: 12,
    share: "s",
    at: null,
    view: null,
    filter: "off",
  });
  const nothing = parseAddress("?trip=&day=yesterday&seq=-1&view=1,2&at=noon&filter=on");
  expect(Object.values(nothing)).toEqual(Array.from({ length: 8 }, () => null));
});

test("a view goes into the address and comes out of it again, with its tilt where it has one", () => {
  expect(formatView(view)).toBe("57.47908,-4.22398,9.5");
  const tilted = { ...view, pitch: 58, bearing: -20 };
  for (const one of [view, tilted]) expect(parseAddress(withAddress("", { view: one })).view).toEqual(one);
  for (const wrong of ["91,0,3", "0,0,99", "a,b,c", "1,2,"]) expect(parseAddress(`?view=${wrong}`).view).toBeNull();
});

test("changing an address keeps what else it holds, and null takes a part out", () => {
  expect(withAddress("?a=1", { photo: "x y" })).toBe("?a=1&photo=x+y");
  expect(withAddress("?photo=x&seq=4", { photo: null })).toBe("?seq=4");
  expect(withAddress("?photo=x", { photo: null })).toBe("");
  expect(withAddress("", { at: "2026-05-01T12:00:00.000Z" })).toBe("?at=2026-05-01T12:00:00.000Z");
});
