import { valueOf } from "#lib/operator/errors.ts";
import { noFence } from "#lib/operator/fence.ts";
import { keyOf } from "#lib/operator/object.ts";
import { Store } from "#lib/operator/store.ts";
import { deployments } from "#lib/operator/resources.ts";
import { indexes } from "./claims.ts";
import { type Deployment, project } from "./deployment.ts";
import { createReconcile } from "./reconcile.ts";
import { sessions } from "./session.ts";
import { start, wish } from "./testing/stage.ts";

const COUNT = Number(process.argv[2] ?? 1000);
const ROUNDS = 20;
const WINDOW_S = 300;

const stage = start();
const { clock, kube, cloudflare, phase, settings, client } = stage;
const names = Array.from({ length: COUNT }, (_, index) => `app-${index}`);
for (const name of names) stage.deploy(name, wish(`${name}.example.org`));
const startMs = clock.elapsedMs();
const realMs = performance.now();
await clock.until("all are ready", () => names.every((name) => phase(name) === "Ready"), 3_600_000);
const seconds = (clock.elapsedMs() - startMs) / 1000;
process.stdout.write(
  `${COUNT} Deployments: published in ${seconds.toFixed(0)} s of virtual time, ${(seconds / WINDOW_S).toFixed(2)} of a window of 1200 calls; ` +
    `${cloudflare.calls} calls of Cloudflare (${(cloudflare.calls / COUNT).toFixed(2)} each); ${((performance.now() - realMs) / 1000).toFixed(1)} s of real time\n`,
);

const { items, resourceVersion } = valueOf("list", await kube.api<Deployment>(deployments).list({ limit: COUNT }));
const cache = new Store<Deployment>(indexes);
cache.replace(items.map(project), resourceVersion);
const fence = noFence();
const session = sessions({ cloudflare: () => client, clock, settings });
await clock.resolve("the session", session(fence, cache));
const { observation } = await session(fence, cache);
await clock.advance(settings.settleMs);
await clock.resolve("the second look", observation.settle());
const reconcile = createReconcile({ session, settings, clock, random: () => 0.5, recorder: { event: () => {} } });
const api = kube.api<Deployment>(deployments);
const all = [...cache.values()];
const callsBefore = cloudflare.calls;
const took: number[] = [];
for (let round = 0; round < ROUNDS; round++)
  for (const object of all) {
    const fromMs = performance.now();
    await reconcile({ key: keyOf(object.metadata), object, cache, api, signal: fence.signal, fence });
    took.push(performance.now() - fromMs);
  }
took.sort((a, b) => a - b);
const totalMs = took.reduce((sum, ms) => sum + ms, 0);
const p99 = took[Math.floor(took.length * 0.99)]!;
process.stdout.write(
  `no-op reconciliation: ${Math.round((took.length / totalMs) * 1000)}/s (${(took.length / totalMs / 5).toFixed(2)} of 5,000/s), ` +
    `p99 ${p99.toFixed(3)} ms (${p99.toFixed(3)} of 1 ms), ${cloudflare.calls - callsBefore} calls of Cloudflare\n`,
);
// nosemgrep: process-exit-in-library -- a bench is a program; timers of the caches would keep it for minutes
process.exit(0);
