import { expect, test } from "vitest";
import { type Fault, faultAt, faults, randomFaults } from "./fake/faults.ts";
import { fakeServer } from "./fake/server.ts";
import type { FakeServer } from "./fake/types.ts";
import { fencedApi, LeadershipLost } from "./fence.ts";
import { candidate, lease, world } from "./lease-world.ts";
import type { KubeObject } from "./object.ts";
import { configMaps, leases } from "./resources.ts";
import { virtualClock } from "./virtual-clock.ts";

const target = { namespace: "default", name: "target" };

test("one of several leads, and renews every 2 seconds", async () => {
  const { clock, server, spec } = world();
  const all = ["a", "b", "c"].map((name) => candidate(clock, server, name));
  await clock.advance(60_000);
  expect(all.filter(({ fence }) => fence)).toHaveLength(1);
  expect(spec()).toMatchObject({ holderIdentity: "a", leaseDurationSeconds: 15, leaseTransitions: 1 });
  expect(clock.nowMs() - Date.parse(spec()!.renewTime!)).toBeLessThanOrEqual(2000);
  expect(spec()!.renewTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  for (const one of all) await one.stop();
});

test("who stops gives the lease back, and the next leads within a retry", async () => {
  const { clock, server, spec } = world();
  const [first, second] = [candidate(clock, server, "a"), candidate(clock, server, "b")];
  await clock.advance(10_000);
  await first.stop();
  expect(spec()).toMatchObject({ holderIdentity: "" });
  await clock.advance(2000);
  expect([second.fence?.term, spec()?.holderIdentity]).toEqual([2, "b"]);
  await second.stop();
});

test("a lease whose holder is silent is taken after 15 seconds, as this process saw it, whatever its times say", async () => {
  const { clock, server } = world();
  server.user.create(leases, lease, {
    spec: {
      holderIdentity: "dead",
      leaseDurationSeconds: 15,
      renewTime: "2001-01-01T00:00:00.000000Z",
      leaseTransitions: 4,
    },
  });
  const one = candidate(clock, server, "a");
  await clock.advance(14_900);
  expect(one.fence).toBeUndefined();
  await clock.advance(2200);
  expect(one.fence?.term).toBe(5);
  await one.stop();
});

test("a lease that somebody renews is not taken, even when the renewals are dated long ago", async () => {
  const { clock, server } = world();
  const renewTime = (second: number) => `2001-01-01T00:00:${String(second).padStart(2, "0")}.000000Z`;
  const spec = { holderIdentity: "slow clock", leaseDurationSeconds: 15, renewTime: renewTime(0), leaseTransitions: 1 };
  server.user.create(leases, lease, { spec });
  const one = candidate(clock, server, "a");
  for (let second = 1; second < 20; second++) {
    await clock.advance(10_000);
    server.user.merge(leases, lease, { spec: { renewTime: renewTime(second) } });
  }
  expect(one.terms).toBe(0);
  await one.stop();
});

test("who cannot renew for 10 seconds leads no more, and its fence lets nothing through", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const fence = one.fence!;
  await fence.check();
  server.setFaults(() => "error");
  await clock.advance(9900);
  expect(fence.signal.aborted).toBe(true);
  expect(one.lost).toEqual(["it could not be renewed in time"]);
  await expect(fence.check()).rejects.toThrow(LeadershipLost);
  server.setFaults(() => undefined);
  await expect(fence.check()).rejects.toThrow("the lease was lost before");
  await one.stop();
});

test("of two that try at the same moment one gets the lease", async () => {
  const clock = virtualClock();
  const server = fakeServer({ clock, latencyMs: 5 });
  const spec = { holderIdentity: "dead", leaseDurationSeconds: 15, leaseTransitions: 1 };
  server.user.create(leases, lease, { spec });
  const both = [candidate(clock, server, "a"), candidate(clock, server, "b")];
  await clock.until("somebody leads", () => both.some(({ fence }) => fence !== undefined));
  await clock.advance(1000);
  expect(both.map(({ terms }) => terms).sort()).toEqual([0, 1]);
  for (const one of both) await one.stop();
});

test("who finds another holder when it renews leads no more, and leaves that one's lease", async () => {
  const { clock, server, spec } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const taken = { holderIdentity: "b", leaseTransitions: 2, renewTime: "2030-01-01T00:00:05.000000Z" };
  server.user.merge(leases, lease, { spec: taken });
  await clock.advance(3000);
  expect([one.fence, one.lost]).toEqual([undefined, ["somebody else holds the lease"]]);
  expect(spec()).toMatchObject(taken);
  await one.stop();
});

test("who finds another holder leads no more at once", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const fence = one.fence!;
  server.user.merge(leases, lease, { spec: { holderIdentity: "b", leaseTransitions: 2 } });
  await expect(fence.check()).rejects.toThrow("somebody else holds the lease");
  expect(fence.signal.aborted).toBe(true);
  await one.stop();
});

test("the same holder in a later term is another: its fence does not cover the earlier one", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const fence = one.fence!;
  server.user.merge(leases, lease, { spec: { leaseTransitions: 3 } });
  await expect(fence.check()).rejects.toThrow(LeadershipLost);
  await one.stop();
});

test("a write that would take longer than the lease is sure to last is refused", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(2000);
  await one.fence!.check({ forMs: 14_000 });
  await expect(one.fence!.check({ forMs: 16_000 })).rejects.toThrow("not sure to last 16000 ms more");
  await one.stop();
});

test("leadership that is lost in the middle of a write stops the next", async () => {
  const { clock, server } = world();
  server.user.create(configMaps, target, {});
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const api = fencedApi(server.api<KubeObject>(configMaps), one.fence!);
  const forget = server.onCall(({ verb, plural }) => {
    if (verb === "merge" && plural === "configmaps")
      server.user.merge(leases, lease, { spec: { holderIdentity: "b", leaseTransitions: 2 } });
  });
  expect((await api.merge(target, { data: { first: "1" } })).ok).toBe(true);
  await expect(api.merge(target, { data: { second: "2" } })).rejects.toThrow(LeadershipLost);
  expect(server.user.get(configMaps, target)).toMatchObject({ data: { first: "1" } });
  expect(server.user.get(configMaps, target)).not.toMatchObject({ data: { second: "2" } });
  forget();
  await one.stop();
});

test.each(faults)("with the fault %s at any call somebody leads again, and never two at once", async (fault: Fault) => {
  for (let index = 0; index < 14; index++) await neverTwo(faultAt(index, fault));
});

test("whatever fails, never two lead at once, and writes carry growing terms", async () => {
  for (let seed = 0; seed < 25; seed++) await neverTwo(randomFaults(seed, 0.25));
});

/** Three candidates that write their terms all the time: never two may lead at once, and no term may be written after a higher one. */
async function neverTwo(plan: Parameters<FakeServer["setFaults"]>[0]): Promise<void> {
  const { clock, server } = world();
  server.setFaults((call) => (call.plural === "leases" ? plan(call) : undefined));
  server.user.create(configMaps, target, { data: { term: "0" } });
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const all = ["a", "b", "c"].map((name) => candidate(clock, server, name, random));
  const written: number[] = [];
  for (let second = 0; second < 240; second++) {
    await clock.advance(1000);
    expect(all.filter(({ fence }) => fence && !fence.signal.aborted).length).toBeLessThanOrEqual(1);
    const { fence } = all[second % 3]!;
    if (fence === undefined) continue;
    const passed = fence.check().then(
      () => void written.push(fence.term),
      (error: unknown) => void expect(error).toBeInstanceOf(LeadershipLost),
    );
    await clock.resolve("checked", passed);
  }
  expect([...written].sort((a, b) => a - b)).toEqual(written);
  server.setFaults(() => undefined);
  await clock.until("somebody leads", () => all.some(({ fence }) => fence !== undefined), 120_000);
  for (const one of all) await one.stop();
}
