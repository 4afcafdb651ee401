import { parseArgs } from "node:util";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { startKubernetes } from "#lib/testing/kubernetes.ts";
import type { KubeServer, Page, Resource } from "../api.ts";
import { systemClock } from "../clock.ts";
import { success, valueOf } from "../errors.ts";
import { fakeServer } from "../fake/server.ts";
import { httpServer } from "../http-api.ts";
import type { KubeObject } from "../object.ts";
import { deployments } from "../resources.ts";
import { soak } from "./soak.ts";
import { deployment, placeOf } from "./deployments.ts";
import { measureIdle } from "./reconcile.ts";
import { measureSync } from "./sync.ts";

const HELP = `Usage: bench [--objects <n>] [--repeats <n>] [--soak] [--only <reconcile|fake|server|soak>]

Measures the operator kit against the figures that it promises for a machine with two cores: reconciliations that do
nothing, filling a cache of 10,000 Deployments from the fake server and from a real kube-apiserver, and with --soak
24 hours of virtual time with 10,000 objects. Ends with 1 when a figure is over its limit.
`;
const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h" },
    objects: { type: "string", default: "10000" },
    repeats: { type: "string", default: "3" },
    soak: { type: "boolean", default: false },
    only: { type: "string" },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const [objects, repeats] = [Number(values.objects), Number(values.repeats)];
if (!(objects > 0 && repeats > 0)) {
  process.stderr.write(`--objects and --repeats have to be numbers above 0.\n${HELP}`);
  process.exit(2);
}
const wanted = (part: string) => (values.only === undefined ? part !== "soak" || values.soak : values.only === part);

let over = 0;
/** One line: what was measured, its ratio to the limit, and whether it keeps to it. */
function figure(what: string, measured: number, limit: number, unit: string, note = "", least = false): void {
  const ok = least ? measured >= limit : measured <= limit;
  if (!ok) over++;
  const ratio = (measured / limit).toFixed(2);
  const number = (value: number) => (value < 10 ? value.toFixed(3) : Math.round(value).toLocaleString("en-US"));
  process.stdout.write(
    `${ok ? "ok  " : "OVER"} ${what.padEnd(44)} ${number(measured)} ${unit} (${least ? "at least" : "limit"} ` +
      `${number(limit)}: ${ratio}×)${note === "" ? "" : `  ${note}`}\n`,
  );
}

if (wanted("reconcile")) {
  const { latencies, perSecond } = await measureIdle();
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]!;
  figure("no-op reconciliation on the fake, p99", at(0.99), 1, "ms", `p50 ${at(0.5).toFixed(3)} ms`);
  figure("no-op reconciliations on the fake", perSecond, 5000, "a second", "", true);
}
async function sync(what: string, server: KubeServer): Promise<void> {
  const { ms, readMs, bytesEach } = await measureSync(server, repeats);
  const best = Math.min(...ms);
  const note = `${(best / readMs).toFixed(2)}× of reading the pages alone; [${ms.map(Math.round).join(" ")}] ms`;
  figure(`${objects} Deployments into a cache, ${what}`, best / 1000, 2, "s", note);
  figure(`heap of a cached Deployment, ${what}`, bytesEach / 1024, 4, "KiB");
}
if (wanted("fake")) {
  const server = fakeServer({ clock: systemClock() });
  for (let index = 0; index < objects; index++) server.user.create(deployments, placeOf(index), deployment(index));
  await sync("fake", copying(server));
}
/** The fake gives the objects that it keeps; copies cost what objects from the wire cost. */
function copying(server: KubeServer): KubeServer {
  return {
    api: <T extends KubeObject>(resource: Resource) => {
      const api = server.api<T>(resource);
      return {
        ...api,
        list: async (options) => {
          const page = await api.list(options);
          // nosemgrep: unchecked-json-cast -- a copy of what has that type
          return page.ok ? success(JSON.parse(JSON.stringify(page.value)) as Page<T>) : page;
        },
      };
    },
  };
}
if (wanted("server")) {
  const plane = await startKubernetes();
  const server = httpServer(kubeConfig(plane));
  try {
    await createAll(server);
    await sync("kube-apiserver", server);
  } finally {
    server.close();
    await plane.close();
  }
}
async function createAll(server: KubeServer): Promise<void> {
  const api = server.api(deployments);
  let next = 0;
  const create = async () => {
    while (next < objects) {
      const index = next++;
      valueOf("create", await api.create(placeOf(index), deployment(index), { fieldManager: "bench" }));
      if (index % 1000 === 999) process.stderr.write(`${index + 1} of ${objects} Deployments created\n`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, create));
}
if (wanted("soak")) {
  const hourly = (hour: number) => void process.stderr.write(`hour ${hour} of 24\n`);
  const { heap, converged, reconciliations, relists } = await soak({ objects, hours: 24, seed: 11 }, hourly);
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const growth = mean(heap.slice(-6)) / mean(heap.slice(3, 9));
  const note = `${reconciliations} reconciliations, ${relists} lists again, ${converged ? "converged" : "NOT converged"}`;
  figure(`heap after 24 h with ${objects} objects, to hours 4-9`, growth, 1.05, "×", note);
  if (!converged) over++;
}
process.exit(over > 0 ? 1 : 0);
