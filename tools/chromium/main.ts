import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { unpackChromium } from "./unpack.ts";

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: unpack OUTPUT_FOLDER");
  process.exit(64);
}
const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
await unpackChromium(join(dirname(entry), "..", "bin"), out).catch((error: Error) => {
  console.error(`Chromium was not unpacked into ${out}: ${error.message}`);
  process.exit(1);
});
