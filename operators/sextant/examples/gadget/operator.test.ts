import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { type Fault as KubeFault, faultAt } from "#lib/operator/fake/faults.ts";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { noFence } from "#lib/operator/fence.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import { httpItems } from "./api.ts";
import { type Fault, FakeItems } from "./fake.ts";
import { decodeStatus, metrics } from "./machine.ts";
import { createOperator } from "./operator.ts";
import { type Gadget, GADGETS } from "./resource.ts";

const name = { namespace: "default", name: "one" };

/** A cluster, the API outside, and the operator between them, which a crash replaces by a new one. */
function start() {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  const outside = new FakeItems();
  const registry = new Registry();
  const observer = metrics(registry, clock.nowMs);
  const running: Promise<void>[] = [];
  let process = new AbortController();
  const run = () => {
    const { signal } = (process = new AbortController());
    const controller = createOperator({
      server,
      items: httpItems("http://api.test", outside.fetch),
      observer,
      surroundings: { clock, random: () => 0.5 },
    });
    running.push(controller.keepCache(signal), controller.lead(noFence(signal), signal));
  };
  outside.crash = () => {
    process.abort();
    clock.setTimer(2_000, run);
  };
  run();
  const read = () => server.user.get<Gadget>(GADGETS, name);
  const phase = () => decodeStatus(read()?.status, 0).phase;
  const until = (wanted: string) => clock.until(wanted, () => phase() === wanted);
  const remove = async () => {
    server.user.delete(GADGETS, name);
    await clock.until("it is gone", () => read() === undefined);
  };
  const close = async () => {
    process.abort();
    await clock.resolve("stopped", Promise.all(running));
  };
  return { clock, server, outside, registry, until, phase, remove, close };
}

const create = ({ server }: ReturnType<typeof start>) => server.user.create(GADGETS, name, { spec: { size: 1 } });
const sizes = ({ outside }: ReturnType<typeof start>) => [...outside.items.values()].map(({ size }) => size);

test("each Gadget gets what it asks for, also when it asks for something else; deleted, it leaves nothing", async () => {
  const it = start();
  create(it);
  await it.until("Ready");
  expect(sizes(it)).toEqual([1]);
  it.server.user.merge(GADGETS, name, { spec: { size: 2 } });
  await it.clock.until("it is larger", () => sizes(it)[0] === 2);
  await it.until("Ready");
  await it.remove();
  expect(sizes(it)).toEqual([]);
  await it.close();
});

test("what somebody takes away comes back", async () => {
  const it = start();
  create(it);
  await it.until("Ready");
  it.outside.items.clear();
  await it.clock.until("it is there again", () => it.outside.made === 2);
  await it.until("Ready");
  await it.close();
});

test("an API that is away makes it fail after some tries, and is no obstacle once it is back", async () => {
  const it = start();
  it.outside.fault = () => "refused";
  create(it);
  await it.until("Failed");
  it.outside.fault = () => undefined;
  await it.until("Ready");
  expect(await it.registry.metrics()).toMatch(/gadget_errors_total\{state="Pending"\} 11/);
  await it.close();
});

/** From creation through Ready to its end, with one thing that goes wrong; tells how many calls there were. */
async function life(spoil: (it: ReturnType<typeof start>) => void): Promise<{ calls: number; kubeCalls: number }> {
  const it = start();
  spoil(it);
  create(it);
  await it.until("Ready");
  expect([it.outside.made, sizes(it)]).toEqual([1, [1]]);
  await it.remove();
  expect(sizes(it)).toEqual([]);
  const counts = { calls: it.outside.calls, kubeCalls: it.server.calls };
  await it.close();
  return counts;
}

test.each<Fault>(["refused", "lost", "crash"])(
  "%s, at any call to the API: one item, and none in the end",
  async (fault) => {
    const { calls } = await life(() => {});
    for (let at = 0; at < calls; at++)
      await life(({ outside }) => void (outside.fault = (call) => (call === at ? fault : undefined)));
  },
);

test.each<KubeFault>(["error", "timeoutAfterCommit", "stale", "missedEvent", "gone"])(
  "%s, at any call to Kubernetes: one item, and none in the end",
  async (fault) => {
    const { kubeCalls } = await life(() => {});
    for (let at = 0; at < kubeCalls; at++) await life(({ server }) => server.setFaults(faultAt(at, fault)));
  },
);
