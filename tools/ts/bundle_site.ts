import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { bundleSite } from "./page.ts";

const { values } = parseArgs({
  options: {
    entry: { type: "string" },
    html: { type: "string" },
    out: { type: "string" },
    asset: { type: "string", multiple: true, default: [] },
  },
});
if (!values.entry || !values.html || !values.out) {
  console.error("usage: bundle_site --entry=FILE.tsx --html=FILE.html --out=FOLDER [--asset=FILE ...]");
  process.exit(64);
}
await mkdir(values.out, { recursive: true });
await bundleSite(values.entry, values.html, values.out, values.asset).catch((error: Error) => {
  console.error(`bundle_site: ${values.entry} was not bundled: ${error.message}`);
  process.exit(1);
});
