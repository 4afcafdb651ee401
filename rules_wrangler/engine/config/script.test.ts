import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { scriptFaults } from "./script.ts";

const said = (text: string, flags: readonly string[] = []): Promise<readonly string[]> =>
  scriptFaults(Buffer.from(text), flags);
const handler = "export default { fetch: () => new Response() };\n";

test("a bundled module with a handler passes, with what the runtime provides", async () => {
  assert.deepEqual(await said(handler), []);
  assert.deepEqual(await said(`import { connect } from "cloudflare:sockets";\n${handler}`), []);
  assert.deepEqual(await said("const site = {}; export { site as default };"), []);
});

test("a script without a default export, and one that is no module, are refused", async () => {
  assert.match((await said('addEventListener("fetch", () => {});'))[0]!, /expected a module with a default export/);
  assert.match((await said("export default { fetch( ;"))[0]!, /expected an ES module/);
});

test("imports that nobody provides are named", async () => {
  assert.deepEqual(await said(`import "./other.mjs"; import "hono"; await import("hono");\n${handler}`), [
    "imports ./other.mjs: expected one file; bundle the script",
    "imports hono: expected one file; bundle the script",
  ]);
  const node = `import { Buffer } from "node:buffer";\n${handler}`;
  assert.match((await said(node))[0]!, /imports node:buffer: expected nodejs_compat/);
  assert.deepEqual(await said(node, ["nodejs_compat"]), []);
});

test("a script that is too large when compressed is refused with its size", async () => {
  const large = `${handler}// ${randomBytes(8 * 1024 * 1024).toString("hex")}`;
  assert.deepEqual(await said(large), []);
  const larger = `${handler}// ${randomBytes(11 * 1024 * 1024).toString("hex")}`;
  assert.match((await said(larger))[0]!, /expected at most 10 MiB compressed, found 1\d\.\d MiB/);
});
