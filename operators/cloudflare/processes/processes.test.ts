import { afterAll, beforeAll, expect, test } from "vitest";
import { valueOf } from "#lib/operator/errors.ts";
import type { Lease } from "#lib/operator/lease.ts";
import { leases } from "#lib/operator/resources.ts";
import { eventually } from "#lib/testing/process.ts";
import { type Account, makeAccount, type Users, usersOf } from "./account.ts";
import { type Cluster, OPERATOR, startCluster } from "./cluster.ts";
import { type Replica, startReplica } from "./replica.ts";

const START_MS = 120_000;
const TEST_MS = 180_000;
/** A Lease is taken over 15 s after its last renewal; then what the other did has to settle. */
const TAKEN_OVER_MS = 60_000;

let cluster: Cluster;
let users: Users;
const account: Account = makeAccount();
const replicas = new Set<Replica>();

const start = async (name: string): Promise<Replica> => {
  const replica = await startReplica(cluster, account.cloudflare, name);
  replicas.add(replica);
  return replica;
};
const end = async (replica: Replica) => {
  replicas.delete(replica);
  await replica.close();
};
/** The replica that leads, and the one that does not. */
const roles = async (): Promise<readonly [Replica, Replica]> =>
  await eventually(
    "one of two replicas leads",
    async () => {
      const all = await Promise.all([...replicas].map(async (one) => ({ one, leads: await one.leads() })));
      const [leader, ...others] = all.filter(({ leads }) => leads);
      const standby = all.find(({ leads }) => !leads);
      return others.length === 0 && leader && standby && ([leader.one, standby.one] as const);
    },
    TAKEN_OVER_MS,
  );
const lease = async () =>
  valueOf("read", await cluster.administrator.api<Lease>(leases).get({ namespace: OPERATOR, name: OPERATOR })).spec;

beforeAll(async () => {
  cluster = await startCluster(process.env["MANIFESTS"] ?? "");
  users = usersOf(cluster.administrator);
  await Promise.all([start("one"), start("two")]);
}, START_MS);
afterAll(async () => {
  await Promise.all([...replicas].map(end));
  await cluster?.close();
}, START_MS);

test("one leads, and says so; the other is as healthy and ready, and calls nothing", { timeout: TEST_MS }, async () => {
  const [leader, standby] = await roles();
  await users.deploy("shop");
  await users.untilReady("shop");
  for (const replica of replicas) {
    await eventually(`${replica.name} is ready`, async () => (await replica.status("readyz")) === 200);
    expect(await replica.status("healthz")).toBe(200);
  }
  expect([await leader.leads(), await standby.leads()]).toEqual([true, false]);
  expect(leader.writes().length).toBeGreaterThan(2);
  expect(standby.calls).toEqual([]);
});

test("a leader that is killed in the middle of its work: the other ends it", { timeout: TEST_MS }, async () => {
  const [leader, standby] = await roles();
  const names = ["killed-1", "killed-2", "killed-3"];
  const killed = new Promise<void>((resolve) => {
    leader.afterCall(({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/access/apps")) return;
      leader.program.signal("SIGKILL");
      resolve();
    });
  });
  for (const name of names) await users.deploy(name);
  await killed;
  expect(await leader.program.exited).toBe("SIGKILL");
  for (const name of names) await users.untilReady(name, TAKEN_OVER_MS);
  expect(await standby.leads()).toBe(true);
  const all = ["shop", ...names].map((name) => `${name}.example.org`).sort();
  expect(account.published()).toEqual({ routes: all, apps: all, records: all });
  await eventually(
    "it tells of all Deployments, also of those that it did not publish itself",
    async () => (await standby.metric("cloudflare_resources", 'state="Ready"')) === all.length,
  );
  await end(leader);
  await start("three");
});

test.each([
  {
    when: "while it asks whether it still leads",
    name: "halted-1",
    halt: ({ afterCall, gateway, program }: Replica, halted: () => void) => {
      let inWork = false;
      afterCall(({ method, path }) => void (inWork ||= method === "POST" && path.endsWith("/batch")));
      gateway.hold(({ verb, resource }) => {
        if (inWork && verb === "get" && resource === "leases") {
          gateway.hold(undefined);
          program.signal("SIGSTOP");
          halted();
        }
        return "pass";
      });
    },
  },
  {
    when: "between a call and its answer",
    name: "halted-2",
    halt: ({ afterCall, program }: Replica, halted: () => void) =>
      afterCall(({ method, path }) => {
        if (method !== "POST" || !path.endsWith("/access/apps")) return;
        afterCall(undefined);
        program.signal("SIGSTOP");
        halted();
      }),
  },
])(
  "a leader that is halted $when, for longer than its Lease: when it goes on, it writes nothing and stands by",
  { timeout: TEST_MS },
  async ({ halt, name }) => {
    const [leader, standby] = await roles();
    const halted = new Promise<void>((resolve) => halt(leader, resolve));
    await users.deploy(name);
    await halted;
    await users.untilReady(name, TAKEN_OVER_MS);
    expect(await standby.leads()).toBe(true);

    const [written, asked] = [leader.writes().length, leader.gateway.requests.length];
    leader.program.signal("SIGCONT");
    const later = () => leader.gateway.requests.slice(asked);
    const tries = () => later().filter(({ verb, resource }) => verb === "get" && resource === "leases");
    await eventually("it has looked at the Lease again and again", () => tries().length > 4, TAKEN_OVER_MS);
    expect(leader.writes().slice(written)).toEqual([]);
    const wrote = later().filter(({ verb, status }) => !["get", "list", "watch"].includes(verb) && status < 400);
    expect(wrote).toEqual([]);
    expect([await leader.leads(), await standby.leads()]).toEqual([false, true]);
    expect(await leader.metric("cloudflare_resource_state")).toBe(0);
    expect(await leader.status("readyz")).toBe(200);
  },
);

test(
  "a leader that is asked to end gives the Lease back, and the other does not wait for its end",
  { timeout: TEST_MS },
  async () => {
    const [leader, standby] = await roles();
    const before = await lease();
    leader.program.signal("SIGTERM");
    expect(await leader.program.exited).toBe(0);
    const released = leader.gateway.requests.findLast(
      ({ resource, verb }) => resource === "leases" && verb === "patch",
    );
    expect(JSON.parse(released?.body ?? "{}")).toMatchObject({ spec: { holderIdentity: "" } });
    await eventually("the other leads", () => standby.leads(), TAKEN_OVER_MS);
    const { spec } = JSON.parse(released!.body) as Lease;
    const after = await lease();
    const gapMs = Date.parse(after?.acquireTime ?? "") - Date.parse(spec?.renewTime ?? "");
    expect(gapMs).toBeLessThan((before?.leaseDurationSeconds ?? 0) * 1000);
    expect(after?.leaseTransitions).toBe((before?.leaseTransitions ?? 0) + 1);
    await end(leader);
  },
);

test(
  "the one that is left removes what is deleted; nothing was ever served without an application",
  { timeout: TEST_MS },
  async () => {
    for (const name of ["shop", "killed-1", "killed-2", "killed-3", "halted-1", "halted-2"]) {
      await users.remove(name);
      await eventually(`${name} is gone`, async () => !(await users.isThere(name)), TAKEN_OVER_MS);
    }
    expect(account.published()).toEqual({ routes: [], apps: [], records: [] });
    expect([...account.exposed]).toEqual([]);
  },
);
