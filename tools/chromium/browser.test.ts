import { expect, test } from "vitest";
import { launchChromium } from "./browser.ts";

const executable = process.env["CHROMIUM_BIN"] ?? "chromium";

test("Chromium starts, has WebGL 2 and draws text in the font beside it", async () => {
  const browser = await launchChromium({ executable });
  const page = await browser.newPage();
  await page.setContent("<canvas></canvas><span id=t style='font: 40px sans-serif'>width</span>");
  expect(await page.evaluate("document.querySelector('canvas').getContext('webgl2') !== null")).toBe(true);
  expect(await page.evaluate("document.getElementById('t').offsetWidth")).toBeGreaterThan(60);
  await browser.close();
});

test("a browser that is not there is named, with the way to get it", async () => {
  await expect(launchChromium({ executable: "/nowhere/chromium" })).rejects.toThrow(
    "no Chromium at /nowhere/chromium: set CHROMIUM_BIN",
  );
});
