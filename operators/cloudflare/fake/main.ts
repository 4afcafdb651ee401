import { once } from "node:events";
import { Type } from "typebox";
import { systemClock } from "#lib/operator/clock.ts";
import { ConfigError, loadConfig } from "#lib/service/config.ts";
import { serveCloudflare } from "./http.ts";
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

  PUT /_fake/faults      [{"call": "POST */access/apps", "fault": "timeoutAfterCommit", "after": 0, "times": 1}]
  GET /_fake/world       what is there
`;

const schema = Type.Object({
  PORT: Type.Integer({ default: 8788, minimum: 0, maximum: 65_535 }),
  CLOUDFLARE_ACCOUNT_ID: Type.String({ default: ACCOUNT, pattern: "^[0-9a-f]{32}$" }),
  CLOUDFLARE_API_TOKEN: Type.String({ default: TOKEN, minLength: 1, secret: true }),
  ZONES: Type.String({ default: "example.org" }),
  POLICIES: Type.String({ default: "family" }),
  TUNNEL: Type.String({ default: "homelab", minLength: 1 }),
});

async function main(): Promise<number> {
  if (process.argv.includes("--help")) {
    process.stdout.write(help);
    return 0;
  }
  const config = loadConfig(schema);
  const fake = fakeCloudflare({
    clock: systemClock(),
    account: config.CLOUDFLARE_ACCOUNT_ID,
    token: config.CLOUDFLARE_API_TOKEN,
  });
  for (const zone of names(config.ZONES)) fake.user.zone(zone);
  for (const policy of names(config.POLICIES)) fake.user.policy(policy);
  const tunnel = fake.user.tunnel(config.TUNNEL);
  const served = await serveCloudflare(fake, { port: config.PORT, log: (line) => process.stdout.write(`${line}\n`) });
  process.stdout.write(
    `fake Cloudflare: ${served.baseUrl}, account ${config.CLOUDFLARE_ACCOUNT_ID}, tunnel ${config.TUNNEL} (${tunnel})\n`,
  );
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await served.close();
  return 0;
}

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
