import { randomUUID } from "node:crypto";
import type { EventsV1Event } from "@kubernetes/client-node";
import { KubeConfig } from "@kubernetes/client-node";
import { systemClock } from "#lib/operator/clock.ts";
import { createRecorder } from "#lib/operator/events.ts";
import { noFence } from "#lib/operator/fence.ts";
import { httpServer } from "#lib/operator/http-api.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { cacheParts, startOperator } from "#lib/operator/manager.ts";
import { kitMetrics } from "#lib/operator/metrics.ts";
import type { Live } from "#lib/operator/object.ts";
import { deployments, events, leases } from "#lib/operator/resources.ts";
import { ConfigError, loadConfig } from "#lib/service/config.ts";
import { createHealth } from "#lib/service/health.ts";
import { createMetrics } from "#lib/service/metrics.ts";
import { runService } from "#lib/service/run.ts";
import { callBudget } from "./api/budget.ts";
import type { CallerOptions } from "./api/call.ts";
import { cloudflareClient } from "./api/client.ts";
import { type Config, ConfigSchema } from "./config.ts";
import type { Deployment } from "./deployment.ts";
import { dryRun } from "./dry-run.ts";
import { operatorMetrics } from "./metrics.ts";
import { createOperator } from "./operator.ts";
import type { Settings } from "./session.ts";

const HELP = `Publishes annotated Deployments at Cloudflare, behind Access.

    cloudflare-operator              works until SIGTERM; configured by the environment (README.md)
    cloudflare-operator --dry-run    prints what it would do now, changes nothing
    cloudflare-operator --help

Exit status: 0 after an orderly end, 1 after a failure, 2 when environment or arguments are wrong.
`;

const settingsOf = (config: Config): Settings => ({
  owner: config.OWNER,
  tunnel: config.TUNNEL_NAME,
  settleMs: config.SETTLE_SECONDS * 1000,
  ownership: config.DNS_OWNERSHIP,
  sessionDuration: config.SESSION_DURATION,
});

const clock = systemClock();
const [argument] = process.argv.slice(2);
if (argument === "--help") process.stdout.write(HELP);
else if (argument === "--dry-run") await printPlan().catch(complain);
else if (argument === undefined) await run();
else {
  process.stderr.write(
    `There is no argument ${JSON.stringify(argument)}; expected --dry-run, --help or none.\n\n${HELP}`,
  );
  process.exitCode = 2;
}

function complain(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}

function kubeServer() {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  return httpServer(kubeConfig, { userAgent: "cloudflare-operator" });
}

function clientOf(config: Config, more: Pick<CallerOptions, "budget"> & Partial<CallerOptions>) {
  return cloudflareClient({
    clock,
    account: config.CLOUDFLARE_ACCOUNT_ID,
    token: config.CLOUDFLARE_API_TOKEN,
    ...(config.CLOUDFLARE_API_URL !== undefined && { baseUrl: config.CLOUDFLARE_API_URL }),
    ...more,
  });
}

async function printPlan(): Promise<void> {
  const config = loadConfig(ConfigSchema);
  const server = kubeServer();
  const lines = await dryRun({
    deployments: server.api<Deployment>(deployments),
    cloudflare: clientOf(config, { budget: callBudget({ clock, limit: config.CALL_LIMIT }) }),
    clock,
    settings: settingsOf(config),
    signal: noFence().signal,
  });
  server.close();
  process.stdout.write(lines.length === 0 ? "Nothing to do.\n" : lines.map((line) => `${line}\n`).join(""));
}

async function run(): Promise<void> {
  await runService({
    name: "cloudflare-operator",
    config: ConfigSchema,
    deadlineMs: 40_000,
    start: async ({ config, logger, fail }) => {
      const server = kubeServer();
      const registry = createMetrics("cloudflare-operator");
      const budget = callBudget({ clock, limit: config.CALL_LIMIT });
      const kit = kitMetrics(registry);
      const own = operatorMetrics(registry, clock.nowMs, budget);
      const recorder = createRecorder({
        api: server.api<Live<EventsV1Event>>(events),
        clock,
        controller: "homelab/cloudflare-operator",
        instance: config.POD_NAME,
        discarded: (why) => {
          kit.eventDiscarded();
          logger.warn({ why }, "an Event was not written");
        },
      });
      const surroundings = { clock, random: Math.random, metrics: kit, logger };
      const { controller, whileLeading } = createOperator({
        cloudflare: (fence) => clientOf(config, { budget, fence, onCall: own.onCall }),
        deployments: server.api<Deployment>(deployments),
        settings: settingsOf(config),
        passMs: config.PASS_SECONDS * 1000,
        surroundings,
        recorder,
        ...own,
        onPassFailed: (err) => {
          own.onPassFailed();
          logger.warn({ err }, "a pass over Cloudflare failed; the next one comes as always");
        },
      });
      const identity = `${config.POD_NAME}_${randomUUID()}`;
      const lease = { namespace: config.LEASE_NAMESPACE ?? "", name: config.LEASE_NAME };
      const operator = await startOperator({
        ...surroundings,
        name: "cloudflare-operator",
        controllers: [controller],
        whileLeading,
        health: createHealth(cacheParts([controller])),
        registry,
        address: config,
        ...(config.LEASE_NAMESPACE !== undefined && {
          election: { api: server.api<Lease>(leases), lease, identity, random: Math.random },
        }),
      });
      operator.ended.catch(fail);
      logger.info({ url: operator.url }, "started");
      return async () => {
        await operator.close();
        await recorder.close();
        server.close();
      };
    },
  });
}
