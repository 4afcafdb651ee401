import { expect, test } from "vitest";
import { judge, type Vitals, vitalsOf } from "./vitals.ts";

const reply = {
  status: { 1: 1, 6: 0, 8: 0, 10: 0, 33: 0, 34: 9120, 38: 412, 54: 61_234_567, 68: 1, 70: 87, 82: 1 },
  settings: { 59: 0, 83: 1, 125: 0, 171: 6 },
};
const limits = { raw: true, rawMinFreeKb: 1_000, batteryWarnPercent: 20 };
const vitals = (changes: Partial<Vitals> = {}): Vitals => ({ ...vitalsOf(reply)!, ...changes });

test("the camera's numbers become words", () => {
  expect(vitalsOf(reply)).toEqual({
    idle: true,
    overheated: false,
    storage: "ok",
    photosLeft: 9120,
    photos: 412,
    freeKb: 61_234_567,
    gpsLock: true,
    batteryPercent: 87,
    output: 0,
  });
  expect(vitalsOf({ status: { 8: 1, 10: 0, 33: -1 } })).toMatchObject({
    idle: false,
    storage: "unknown",
    output: null,
  });
  expect(vitalsOf({ error: "Unknown error" })).toBeNull();
});

test("heat and a card that takes nothing hold capture, each with what to do", () => {
  expect(judge(vitals(), 1, limits).holdCapture).toBeNull();
  expect(judge(vitals({ overheated: true }), 1, limits).holdCapture).toContain("overheated");
  expect(judge(vitals({ storage: "full" }), 1, limits).holdCapture).toContain("DELETE_AFTER_UPLOAD");
  expect(judge(vitals({ photosLeft: 0 }), 1, limits).holdCapture).toContain("full");
  expect(judge(vitals({ storage: "removed" }), 1, limits).holdCapture).toContain("no card");
});

test("RAW falls back to JPG when the card is tight, and returns only with some room more", () => {
  const output = (freeKb: number, present: number) => judge(vitals({ freeKb }), present, limits).output;
  expect([output(1_000, 1), output(999, 1), output(1_000, 0), output(1_100, 0)]).toEqual([1, 0, 0, 1]);
  expect(judge(vitals(), 0, { ...limits, raw: false }).output).toBe(0);
});

test("a low battery and missing satellites are warnings, not reasons to stop", () => {
  const verdict = judge(vitals({ batteryPercent: 19, gpsLock: false }), 1, limits);
  expect(verdict.holdCapture).toBeNull();
  expect(verdict.warnings).toEqual(["the battery is at 19 %", "no satellites: pictures carry no place"]);
});
