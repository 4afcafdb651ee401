/**
 * A Cloudflare for tests and for trying out deploys: the part of its API that wrangler deploys sites with, and the
 * sites themselves. Environment: `STATE_DIR` (where it keeps everything), `PORT` (default 8787), `CLOUDFLARE_ACCOUNT_ID`
 * and `CLOUDFLARE_API_TOKEN` (what callers have to send; made-up values when absent), `WORKERD` (the program that runs
 * scripts; the one beside wrangler when absent).
 */
import { findWorkerd } from "./runtime.ts";
import { startCloudflare } from "./server.ts";

const folder = process.env["STATE_DIR"];
if (folder === undefined || folder === "") {
  process.stderr.write(
    "STATE_DIR is not set; expected the folder where the fake Cloudflare keeps what is deployed to it.\n",
  );
  process.exit(2);
}
const account = process.env["CLOUDFLARE_ACCOUNT_ID"] ?? "0".repeat(32);
const token = process.env["CLOUDFLARE_API_TOKEN"] ?? "local";
const log = (line: string): void => void process.stdout.write(`${line}\n`);
const { api, port, close } = await startCloudflare({
  folder,
  port: Number(process.env["PORT"] ?? 8787),
  account,
  token,
  workerd: findWorkerd(import.meta.url, process.env["WORKERD"]),
  log,
});
log(
  `fake Cloudflare: CLOUDFLARE_API_BASE_URL=${api} CLOUDFLARE_ACCOUNT_ID=${account}; sites: http://NAME.pages.localhost:${port}/`,
);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void close().then(() => process.exit(0)));
