import { once } from "node:events";
import { Type } from "typebox";
import { systemClock } from "#lib/operator/clock.ts";
import { ConfigError, loadConfig } from "#lib/service/config.ts";
import { serveCloudflare } from "./http.ts";
import { keepWorld, keptWorld } from "./kept.ts";
import { fakeCloudflare } from "./server.ts";
import { ACCOUNT, TOKEN } from "./types.ts";

const help = `A Cloudflare to try the operator with: DNS, Access, tunnels, in memory.

Environment:
  PORT                   where it listens on loopback (8788)
  CLOUDFLARE_ACCOUNT_ID  the account that it has (${ACCOUNT})
  CLOUDFLARE_API_TOKEN   the token that callers have to send (${TOKEN}); also CLOUDFLARE_API_TOKEN_FILE
  ZONES                  zones that are there, with commas between (example.org)
  POLICIES               reusable Access policies that are there (family)
  TUNNEL                 a tunnel that is there (homelab)
  LATENCY_MS             how long a call takes (0)
  STATE_DIR              a folder that keeps what is there; none: it is gone at the end

  PUT /_fake/faults      [{"call": "POST */access/apps", "fault": "timeoutAfterCommit", "after": 0, "times": 1}]
  PUT /_fake/lag         {"ms": 8000}: how old lists are
  POST /_fake/user       {"method": "DELETE", "path": "/zones/…/dns_records/…"}: done by hand
  GET /_fake/world       what is there
  GET /_fake/stream      what happens, as server-sent events
`;

const schema = Type.Object({
  PORT: Type.Integer({ default: 8788, minimum: 0, maximum: 65_535 }),
  CLOUDFLARE_ACCOUNT_ID: Type.String({ default: ACCOUNT, pattern: "^[0-9a-f]{32}$" }),
  CLOUDFLARE_API_TOKEN: Type.String({ default: TOKEN, minLength: 1, secret: true }),
  ZONES: Type.String({ default: "example.org" }),
  POLICIES: Type.String({ default: "family" }),
  TUNNEL: Type.String({ default: "homelab", minLength: 1 }),
  LATENCY_MS: Type.Integer({ default: 0, minimum: 0, maximum: 10_000 }),
  STATE_DIR: Type.Optional(Type.String({ minLength: 1 })),
});

async function main(): Promise<number> {
  if (process.argv.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const config = loadConfig(schema);
  const folder = config.STATE_DIR;
  const fake = fakeCloudflare({
    clock: systemClock(),
    account: config.CLOUDFLARE_ACCOUNT_ID,
    token: config.CLOUDFLARE_API_TOKEN,
    latencyMs: config.LATENCY_MS,
    ...(folder !== undefined && { world: keptWorld(folder) }),
  });
  const { zones, policies, tunnels } = fake.world;
  for (const zone of lacking(names(config.ZONES), zones)) fake.user.zone(zone);
  for (const policy of lacking(names(config.POLICIES), policies)) fake.user.policy(policy);
  for (const tunnel of lacking([config.TUNNEL], tunnels)) fake.user.tunnel(tunnel);
  if (folder !== undefined) keepWorld(folder, fake);
  const served = await serveCloudflare(fake, { port: config.PORT, log: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(
    `fake Cloudflare: ${served.baseUrl}, account ${config.CLOUDFLARE_ACCOUNT_ID}, tunnel ${config.TUNNEL}\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await served.close();
  return 0;
}

const lacking = (wanted: readonly string[], present: ReadonlyMap<string, { readonly name: string }>) =>
  wanted.filter((name) => ![...present.values()].some((one) => one.name === name));

const names = (list: string): readonly string[] =>
  list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
