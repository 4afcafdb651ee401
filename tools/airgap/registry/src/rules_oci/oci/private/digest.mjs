import { writeFileSync } from "node:fs";
import { topManifest } from "./layout.mjs";

const [layout, out] = process.argv.slice(2);
writeFileSync(out, `${topManifest(layout).digest}\n`);
