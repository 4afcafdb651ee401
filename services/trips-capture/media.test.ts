import { expect, test } from "vitest";
import { picturesOf } from "./media.ts";

const listOf = (...fs: object[]) => ({ id: "1", media: [{ d: "100GOPRO", fs }] });

test("pictures come oldest first, with numbers for the camera's strings", () => {
  const list = listOf(
    { n: "GOPR0002.JPG", cre: "1767225610", mod: "1767225610", s: "9411032", raw: "1" },
    { n: "GOPR0001.JPG", cre: "1767225600", mod: "1767225600", s: "9345127" },
  );
  expect(picturesOf(list)).toEqual([
    { folder: "100GOPRO", name: "GOPR0001.JPG", createdS: 1767225600, bytes: 9345127 },
    { folder: "100GOPRO", name: "GOPR0002.JPG", createdS: 1767225610, bytes: 9411032 },
  ]);
});

test("a group becomes its members without the missing ones, of unknown length", () => {
  const group = {
    n: "G0010003.JPG",
    cre: "1767225700",
    mod: "1767225790",
    s: "88123456",
    g: "1",
    b: "3",
    l: "6",
    m: ["5"],
    t: "t",
  };
  expect(picturesOf(listOf(group)).map(({ name, bytes }) => [name, bytes])).toEqual([
    ["G0010003.JPG", 0],
    ["G0010004.JPG", 0],
    ["G0010006.JPG", 0],
  ]);
});

test("videos and raw files are left out, and an empty card is an empty list", () => {
  expect(picturesOf(listOf({ n: "GX010013.MP4", cre: "1", mod: "1", s: "1", glrv: "1", ls: "-1" }))).toEqual([]);
  expect(picturesOf({ id: "1", media: [] })).toEqual([]);
});

test("an answer of another shape is an error that says where", () => {
  expect(() => picturesOf({ error: "Unknown error" })).toThrow("another shape than Open GoPro 2.0");
  expect(() => picturesOf(listOf({ n: "../../x.JPG", cre: "1", mod: "1", s: "1" }))).toThrow("/media/0/fs/0/n");
});
