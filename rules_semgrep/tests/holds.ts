/** Looks for texts in a file, in this order: `holds.ts FILE TEXT...`. */
import { readFileSync } from "node:fs";

const [path = "", ...texts] = process.argv.slice(2);
const content = readFileSync(path, "utf8");
let from = 0;
for (const text of texts) {
  const at = content.indexOf(text, from);
  if (at < 0) {
    console.error(`expected in ${path}, from character ${from} on: ${text}\nreceived:\n${content}`);
    process.exit(1);
  }
  from = at + text.length;
}
