import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeApi } from "./api.ts";
import { type Clock, withSleep } from "./clock.ts";
import { randomFaults, randomNumbers } from "./fake/faults.ts";
import { LeadershipLost, StillRunning } from "./fence.ts";
import { electLeader, type Lease } from "./lease.ts";
import { candidate, lease, world } from "./lease-world.ts";
import { leases } from "./resources.ts";
import type { VirtualClock } from "./virtual-clock.ts";

test("a lease that was deleted by hand is made again, in a later term", async () => {
  const { clock, server, spec } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const fence = one.fence!;
  server.user.delete(leases, lease);
  await expect(fence.check()).rejects.toThrow(LeadershipLost);
  await clock.advance(5000);
  expect([fence.signal.aborted, one.fence?.term, spec()?.leaseTransitions]).toEqual([true, 2, 2]);
  await one.stop();
});

test("what people write beside the term is undone or left, and costs no leadership", async () => {
  const { clock, server, spec } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  server.user.merge(leases, lease, { metadata: { labels: { edited: "yes" } }, spec: { leaseDurationSeconds: 86_400 } });
  await clock.advance(30_000);
  expect([one.terms, one.lost, spec()?.leaseDurationSeconds]).toEqual([1, [], 15]);
  expect(server.user.get<Lease>(leases, lease)?.metadata.labels).toEqual({ edited: "yes" });
  await one.stop();
  expect(spec()?.holderIdentity).toBe("");
});

test("a lease to which somebody writes all the time is kept, and given back", async () => {
  const { clock, server, spec } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  let writes = 0;
  server.onCall(({ verb, plural }) => {
    if (plural !== "leases" || verb !== "merge" || writes++ % 4 === 3) return;
    server.user.merge(leases, lease, { metadata: { annotations: { count: String(writes) } } });
  });
  await clock.advance(60_000);
  expect([one.terms, one.lost]).toEqual([1, []]);
  await one.stop();
  expect(spec()?.holderIdentity).toBe("");
});

test("a server that is away for longer than a renewal may take ends the term, and the next begins when it is back", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  server.setFaults(() => "error");
  await clock.advance(60_000);
  expect([one.fence, one.lost]).toEqual([undefined, ["it could not be renewed in time"]]);
  server.setFaults(() => undefined);
  await clock.advance(5000);
  expect(one.fence?.term).toBe(2);
  await one.stop();
});

test("a clock that is set forward takes no lease that is renewed", async () => {
  const { clock, server } = world();
  const holder = candidate(clock, server, "a");
  await clock.advance(5000);
  const standby = candidate(clock, server, "b");
  await clock.advance(5000);
  clock.set(3_600_000);
  await clock.advance(30_000);
  expect([holder.terms, standby.terms]).toEqual([1, 0]);
  for (const one of [holder, standby]) await one.stop();
});

test("a clock that is set back lets nobody lead longer than its lease", async () => {
  const { clock, server } = world();
  const one = candidate(clock, server, "a");
  await clock.advance(5000);
  const fence = one.fence!;
  server.setFaults(({ verb }) => (verb === "merge" ? "error" : undefined));
  clock.set(-3_600_000);
  await clock.advance(6000);
  await expect(fence.check({ forMs: 10_000 })).rejects.toThrow("not sure to last");
  await clock.advance(3000);
  expect(fence.signal.aborted).toBe(true);
  await one.stop();
});

test("a lease beside which work still runs is not given back", async () => {
  const { clock, server, spec } = world();
  const options = { api: server.api<Lease>(leases), lease, identity: "a", clock, random: () => 0 };
  for (const [error, holder] of [
    [new StillRunning("A reconciliation", 30_000), "a"],
    [new Error("broken"), ""],
  ] as const) {
    const ended = electLeader(options, new AbortController().signal, async () => Promise.reject(error));
    await expect(clock.resolve("ended", ended)).rejects.toBe(error);
    expect(spec()?.holderIdentity).toBe(holder);
  }
});

/** A process that can stand still, as under SIGSTOP: its timers fire and its answers come when it goes on. */
function stoppable(clock: VirtualClock) {
  const backlog: (() => void)[] = [];
  let [still, setMs] = [false, 0];
  const run = (work: () => void) => void (still ? backlog.push(work) : work());
  const own: Clock = withSleep({
    nowMs: () => clock.nowMs() + setMs,
    elapsedMs: () => clock.elapsedMs(),
    setTimer: (ms, work) => {
      let cancelled = false;
      const timer = clock.setTimer(ms, () => run(() => void (cancelled || work())));
      return { cancel: () => (timer.cancel(), void (cancelled = true)) };
    },
  });
  const answered = <T>(outcome: Promise<T>) => outcome.then((value) => new Promise<T>((end) => run(() => end(value))));
  return {
    clock: own,
    api: (api: KubeApi<Lease>): KubeApi<Lease> => ({
      ...api,
      get: (...args) => answered(api.get(...args)),
      create: (...args) => answered(api.create(...args)),
      merge: (...args) => answered(api.merge(...args)),
    }),
    stop: () => void (still = true),
    go: () => {
      still = false;
      for (const work of backlog.splice(0)) work();
    },
    set: (ms: number) => void (setMs += ms),
  };
}

const step = fc.record({
  who: fc.nat(2),
  do: fc.constantFrom("stop", "go", "go", "set", "wait", "wait"),
  ms: fc.integer({ min: 0, max: 40_000 }),
});

test("processes that stand still, clocks that are set and answers that are lost never let a write come after one of a later term", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), fc.integer(), async (steps, seed) => {
      const { clock, server } = world();
      const random = randomNumbers(seed);
      const landed: number[] = [];
      const ending = new AbortController();
      const processes = [0, 1, 2].map(() => stoppable(clock));
      const running = processes.map((process, index) => {
        const api = process.api(server.api<Lease>(leases));
        const options = { api, lease, identity: String(index), clock: process.clock, random };
        return electLeader(options, ending.signal, async ({ check, signal, term }) => {
          while (!signal.aborted && !ending.signal.aborted) {
            const passed = await check().then(
              () => true,
              (error: unknown) => (expect(error).toBeInstanceOf(LeadershipLost), false),
            );
            const land = (written: () => void) => (landed.push(term), written());
            if (passed) await new Promise<void>((end) => void clock.setTimer(random() * 5000, () => land(end)));
            await process.clock.sleep(500 + random() * 1000, signal);
          }
        });
      });
      const often = randomFaults(seed, 0.7, ["error", "timeoutAfterCommit", "slow"]);
      const rarely = randomFaults(seed, 0.05);
      server.setFaults((call) => (call.verb === "merge" ? often(call) : rarely(call)));
      for (const { who, do: what, ms } of steps) {
        if (what === "wait") await clock.advance(ms);
        else if (what === "set") processes[who]!.set(ms * 1000 - 20_000_000);
        else processes[who]![what]();
      }
      server.setFaults(() => undefined);
      for (const process of processes) process.go();
      const before = landed.length;
      await clock.advance(60_000);
      expect(landed.length).toBeGreaterThan(before);
      expect([...landed].sort((a, b) => a - b)).toEqual(landed);
      ending.abort();
      await clock.resolve("all have ended", Promise.all(running));
    }),
    { numRuns: 100 },
  );
});
