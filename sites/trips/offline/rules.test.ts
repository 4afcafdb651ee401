import { expect, test } from "vitest";
import { keyFor, rangeOf, ruleFor } from "./rules.ts";

const FOLDER = "https://example.org/trips/";
const kind = (path: string, method = "GET") => ruleFor(method, FOLDER + path, FOLDER)?.kind ?? null;

test("the page, its scripts, archives, trips, pictures and tiles are kept, each by its rule", () => {
  expect(["", "index.html", "?trip=a&view=1,2,3"].map((path) => kind(path))).toEqual(["shell", "shell", "shell"]);
  expect(["assets/main-AB12.js", "favicon.svg"].map((path) => kind(path))).toEqual(["asset", "asset"]);
  expect(["basemap.pmtiles", "terrain.pmtiles"].map((path) => kind(path))).toEqual(["archive", "archive"]);
  expect(["api/trips", "api/trips/north?share=x", "api/points?trip=a"].map((path) => kind(path))).toEqual([
    "trip",
    "trip",
    "trip",
  ]);
  expect(["images/thumb/photos/ab/c.jpg", "api/images/photos/ab/c.jpg"].map((path) => kind(path))).toEqual([
    "picture",
    "picture",
  ]);
  expect(kind("api/tiles/t/1/2/3.mvt")).toBe("tile");
});

test("what must be fresh, is large, or changes something is left alone", () => {
  for (const path of [
    "api/live?after=3",
    "api/digest?seq=4",
    "api/stats",
    "api/trips/a/export.gpx",
    "images/original/photos/a.jpg",
    "api/docs",
  ])
    expect(kind(path), path).toBeNull();
  expect(kind("api/trips", "PUT")).toBeNull();
  expect(ruleFor("GET", "https://elsewhere.example/trips/", FOLDER)).toBeNull();
});

test("the page is kept once, whatever its address says; everything else under its own address", () => {
  const url = `${FOLDER}?trip=a`;
  expect(keyFor(ruleFor("GET", url, FOLDER)!, url, FOLDER)).toBe(FOLDER);
  const trip = `${FOLDER}api/trips?share=x`;
  expect(keyFor(ruleFor("GET", trip, FOLDER)!, trip, FOLDER)).toBe(trip);
});

test("part of a file is from the first byte that was asked for to the last that is there", () => {
  expect(rangeOf("bytes=0-16383", 100)).toEqual({ start: 0, end: 99 });
  expect(rangeOf("bytes=10-19", 100)).toEqual({ start: 10, end: 19 });
  expect(rangeOf("bytes=90-", 100)).toEqual({ start: 90, end: 99 });
  for (const wrong of ["bytes=100-120", "bytes=-5", "bytes=1-2,4-5", "items=0-1"])
    expect(rangeOf(wrong, 100)).toBeNull();
});
