import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { launchChromium } from "#tools/chromium/browser.ts";

const LIMIT = 200_000;
const WITHIN_MS = 90_000;
const [url = "http://localhost:8180/", file = "docs/operators.png"] = process.argv.slice(2);
const path = join(process.env["BUILD_WORKSPACE_DIRECTORY"] ?? ".", file);

const browser = await launchChromium({ executable: process.env["CHROMIUM_BIN"] ?? "chromium" });
const page = await browser.newPage({ viewport: { width: 1380, height: 800 }, colorScheme: "light" });
page.setDefaultTimeout(WITHIN_MS);
await page.goto(url).catch(() => {
  throw new Error(`nothing answers at ${url}: start it by \`./bazel run //operators:up\``);
});
await page.waitForSelector("[data-deployment='web/shop'][data-phase=Ready]");
await page.getByLabel("Delete the application of shop.example.org").click();
await page.waitForSelector("[data-deployment='web/shop'][data-phase=UpdatingConfig]");
await page.waitForSelector("[data-deployment='web/shop'][data-phase=Ready]");
await page
  .getByRole("button", { name: "Dismiss" })
  .click({ timeout: 2_000 })
  .catch(() => {});
await page.mouse.move(0, 0);
await page.waitForTimeout(1_500);
const picture = await sharp(await page.screenshot())
  .png({ palette: true, effort: 10 })
  .toBuffer();
await writeFile(path, picture);
await browser.close();
console.log(`${path}: ${picture.length} bytes`);
if (picture.length > LIMIT)
  throw new Error(`the picture is larger than ${LIMIT} bytes: take it with fewer Deployments`);
