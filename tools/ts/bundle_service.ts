import { extname } from "node:path";
import { bundleService } from "./service.ts";

const [entryPoint, outdir, app, vendor, ...native] = process.argv.slice(2);
if (!entryPoint || outdir === undefined || !app || !vendor || !/^\.[mt]sx?$/.test(extname(entryPoint))) {
  console.error("usage: bundle_service ENTRY_POINT.ts OUTDIR APP_FOLDER VENDOR_FOLDER [NATIVE_PACKAGE...]");
  process.exit(64);
}
await bundleService(entryPoint, outdir || ".", app, vendor, native).catch((error: Error) => {
  console.error(`bundle_service: ${entryPoint} was not bundled: ${error.message}`);
  process.exit(1);
});
