import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { launchChromium } from "#tools/chromium/browser.ts";

const LIMIT = 300_000;
const [url = "http://localhost:8080/trips/", file = "docs/trips.png"] = process.argv.slice(2);
const path = join(process.env["BUILD_WORKSPACE_DIRECTORY"] ?? ".", file);

const browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
const page = await browser.newPage({ viewport: { width: 1060, height: 596 }, colorScheme: "light" });
await page.goto(url).catch(() => {
  throw new Error(`nothing answers at ${url}: start the platform by \`./bazel run //:up\` and wait for some photos`);
});
await page.waitForSelector(".mark-last[data-photo]", { timeout: 60_000 });
await page.click("[aria-label='Show the whole trip']");
await page.waitForLoadState("networkidle");
await page.waitForTimeout(3_000);
const picture = await sharp(await page.screenshot())
  .png({ palette: true, effort: 10 })
  .toBuffer();
await writeFile(path, picture);
await browser.close();
console.log(`${path}: ${picture.length} bytes`);
if (picture.length > LIMIT)
  throw new Error(`the picture is larger than ${LIMIT} bytes: take it with fewer photos in view`);
