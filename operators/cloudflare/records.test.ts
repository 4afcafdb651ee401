import { expect, test } from "vitest";
import type { RecordChange } from "./record-plan.ts";
import { LeadershipLost } from "#lib/operator/fence.ts";
import { ruledFaults } from "./fake/faults.ts";
import { leader } from "./testing/leader.ts";
import { record } from "./testing/world.ts";

/** A leader, and changes that make a record for each name. */
async function writing() {
  const led = await leader();
  const [zone] = led.session.observation.world.zones;
  const changeOf = (name: string, batch: Partial<RecordChange["batch"]> = {}): RecordChange => {
    const { id: _, ...spec } = record({ name: `${name}.example.org` });
    return {
      kind: "records",
      zone: zone!,
      hostname: `${name}.example.org`,
      batch: { deletes: [], puts: [], posts: [spec], ...batch },
    };
  };
  const submit = (changes: readonly RecordChange[]) =>
    led.clock.resolve("the end", Promise.all(changes.map((change) => led.session.records.submit(change))));
  const batches = () => led.calls.filter((call) => call.endsWith("/batch")).length;
  return { ...led, changeOf, submit, batches };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `app-${index}`);

test("changes of about the same time go in one batch, and are known at once", async () => {
  const { changeOf, submit, batches, session, cloudflare } = await writing();
  expect(await submit(names(50).map((name) => changeOf(name)))).toEqual(Array(50).fill(undefined));
  expect([batches(), cloudflare.world.records.size]).toEqual([1, 50]);
  const [placed] = session.observation.world.recordsAt("app-7.example.org");
  expect(placed?.record.id).toBe(
    [...cloudflare.world.records.values()].find(({ name }) => name.startsWith("app-7."))?.id,
  );
  expect(await submit([changeOf("app-7", { deletes: [placed!.record.id], posts: [] })])).toEqual([undefined]);
  expect(session.observation.world.recordsAt("app-7.example.org")).toEqual([]);
});

test("a batch holds no more than Cloudflare takes, and no change is split", async () => {
  const { changeOf, submit, batches, cloudflare } = await writing();
  expect((await submit(names(200).map((name) => changeOf(name)))).filter(Boolean)).toEqual([]);
  expect(batches()).toBe(1);
  const { posts } = changeOf("x").batch;
  const twice = names(101).map((name) =>
    changeOf(name, { posts: ["a", "b"].map((more) => ({ ...posts[0]!, name: `${more}.${name}.example.org` })) }),
  );
  expect((await submit(twice)).filter(Boolean)).toEqual([]);
  expect([batches(), cloudflare.world.records.size]).toEqual([3, 402]);
});

test("a change that is refused is found by halves, and stops none of the others", async () => {
  const { changeOf, submit, batches, user, zone, cloudflare } = await writing();
  user.call("POST", `/zones/${zone}/dns_records`, { type: "A", name: "app-5.example.org", content: "192.0.2.1" });
  const ends = await submit(names(16).map((name) => changeOf(name)));
  expect(ends.map((error) => error?.kind)).toEqual(
    names(16).map((name) => (name === "app-5" ? "RecordExists" : undefined)),
  );
  expect(batches()).toBe(9);
  expect(cloudflare.world.records.size).toBe(16);
});

test("a batch that nobody refused is not tried in halves", async () => {
  const { changeOf, submit, batches, setFaults } = await writing();
  setFaults(ruledFaults([{ call: "POST *batch", fault: "error" }]));
  expect((await submit(names(4).map((name) => changeOf(name)))).map((error) => error?.kind)).toEqual(
    Array(4).fill("ServerError"),
  );
  expect(batches()).toBe(1);
});

test("one that leads no longer says so to all who wait, and writes nothing", async () => {
  const { changeOf, session, depose, clock, cloudflare } = await writing();
  depose();
  const ends = Promise.allSettled(names(3).map((name) => session.records.submit(changeOf(name))));
  expect(await clock.resolve("the end", ends)).toEqual(
    Array(3).fill({ status: "rejected", reason: expect.any(LeadershipLost) }),
  );
  expect(cloudflare.world.records.size).toBe(0);
});

test("changes that come later go in a batch of their own", async () => {
  const { changeOf, submit, batches } = await writing();
  expect(await submit([changeOf("a")])).toEqual([undefined]);
  expect(await submit([changeOf("b"), changeOf("c")])).toEqual([undefined, undefined]);
  expect(batches()).toBe(2);
});
