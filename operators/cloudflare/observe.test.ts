import { expect, test } from "vitest";
import type { App } from "./api/types.ts";
import { appName, markText, tagOf, txtName } from "./marks.ts";
import { leader, type LeaderOptions } from "./testing/leader.ts";
import { app, mark, record } from "./testing/world.ts";

const SHOP = "shop.example.org";
const { id: _, aud: __, destinations: ___, ...appSpec } = app({ policies: [], tags: [] });
const { id: ____, ...recordSpec } = record();

const makeApp: NonNullable<LeaderOptions["before"]> = ({ user }) =>
  user.call("POST", "/accounts/:account/access/apps", { type: "self_hosted", name: appName(SHOP, mark), domain: SHOP });

/** A leader that has made the application of web/shop. */
async function withApp(options: LeaderOptions = {}) {
  const led = await leader(options);
  const { clock, session } = led;
  const { observation, cloudflare } = session;
  const answer = await clock.resolve("the application", cloudflare.apps.create(appSpec));
  if (!answer.ok) throw new Error(answer.error.message);
  observation.wroteApp(answer.value, true);
  const { domain } = answer.value;
  const known = () => observation.world.appAt(domain);
  const deleteByHand = ({ id }: App) => led.user.call("DELETE", `/accounts/:account/access/apps/${id}`);
  return { ...led, observation, app: answer.value, known, deleteByHand };
}

test.each([
  ["no tunnel", [], /^No tunnel is named homelab; expected one.*Create it at Cloudflare/],
  ["a tunnel that a file configures", [{ name: "homelab", config_src: "local" }], /configured by a file.*Migrate it/],
])("%s: nothing begins, and the error says what to do", async (_case, tunnels, why) => {
  const before: LeaderOptions["before"] = ({ user, tunnel }) => {
    user.call("DELETE", `/accounts/:account/cfd_tunnel/${tunnel}`);
    for (const body of tunnels) user.call("POST", "/accounts/:account/cfd_tunnel", body);
  };
  await expect(leader({ before })).rejects.toThrow(why);
});

test("an application that was there before is relied on once a list shows it that cannot be out of date", async () => {
  const { clock, session } = await leader({ before: makeApp, settled: false });
  const { observation } = session;
  expect([observation.settled, observation.world.appAt(SHOP)?.proven]).toEqual([false, false]);
  await clock.resolve("a list too early", observation.load());
  expect([observation.settled, observation.world.appAt(SHOP)?.proven]).toEqual([false, false]);
  const leftMs = await observation.settle();
  expect(leftMs).toBeGreaterThan(59_000);
  await clock.advance(leftMs);
  expect(await clock.resolve("the list", observation.settle())).toBe(0);
  expect([observation.settled, observation.world.appAt(SHOP)?.proven]).toEqual([true, true]);
});

test("once all is in sight nothing is read again for it", async () => {
  const { session, calls } = await leader();
  const before = calls.length;
  expect(await session.observation.settle()).toBe(0);
  expect(calls.length).toBe(before);
});

test("all who ask for the lists at once share one reading", async () => {
  const { clock, session, calls } = await leader();
  const before = calls.length;
  await clock.resolve("the lists", Promise.all([session.observation.load(), session.observation.load()]));
  expect(calls.length - before).toBe(6);
  await clock.resolve("the lists", session.observation.load());
  expect(calls.length - before).toBe(12);
});

test("an own application is relied on from its answer on, though lists do not know it yet", async () => {
  const { clock, observation, known } = await withApp({ lagMs: 30_000, settled: false });
  for (const read of [() => observation.load(), () => observation.look(SHOP)]) {
    expect(known()?.proven).toBe(true);
    await clock.resolve("late lists", read());
  }
  expect(known()?.proven).toBe(true);
  await clock.advance(90_000);
  await clock.resolve("the lists", observation.load());
  expect(known()?.proven).toBe(true);
});

test("a change of an application that was not relied on does not make it so", async () => {
  const { clock, session, settings } = await leader({ before: makeApp, settled: false });
  const { observation, cloudflare } = session;
  const { app: found } = observation.world.appAt(SHOP)!;
  const answer = await clock.resolve(
    "the change",
    cloudflare.apps.update(found.id, { ...appSpec, sessionDuration: "1h" }),
  );
  expect(answer.ok && observation.wroteApp(answer.value, false)).toBe(undefined);
  expect(observation.world.appAt(SHOP)).toMatchObject({ app: { sessionDuration: "1h" }, proven: false });
  await clock.advance(settings.settleMs);
  await clock.resolve("the lists", observation.settle());
  const again = await clock.resolve("the change", cloudflare.apps.update(found.id, appSpec));
  expect(again.ok && observation.wroteApp(again.value, false)).toBe(undefined);
  expect(observation.world.appAt(SHOP)?.proven).toBe(true);
});

test("an application that is deleted by hand is missed at the next look, and an own deletion stands over late lists", async () => {
  const { clock, observation, app: made, known, deleteByHand, user, session } = await withApp({ lagMs: 30_000 });
  await clock.advance(90_000);
  deleteByHand(made);
  await clock.advance(40_000);
  await clock.resolve("a look", observation.look(SHOP));
  expect(known()).toBeUndefined();
  makeApp({ user, zone: "", tunnel: "" });
  await clock.advance(40_000);
  await clock.resolve("a look", observation.look(SHOP));
  const { app: found } = known()!;
  await clock.resolve("the deletion", session.cloudflare.apps.delete(found.id));
  observation.deletedApp(found);
  for (const read of [() => observation.look(SHOP), () => observation.load()]) {
    await clock.resolve("a late list", read());
    expect(known()).toBeUndefined();
  }
});

test("an application that is about to be deleted is not relied on, whatever lists say, until a look after that time shows it", async () => {
  const { clock, observation, app: made, known } = await withApp();
  observation.doom(made);
  expect(known()?.proven).toBe(false);
  observation.doubt(SHOP, mark.hash);
  await clock.advance(58_000);
  for (const read of [() => observation.load(), () => observation.look(SHOP)]) {
    await clock.resolve("a read too early", read());
    expect(known()?.proven).toBe(false);
  }
  expect(observation.doubtfulForMs(SHOP)).toBeGreaterThan(0);
  await clock.advance(2_000);
  expect(observation.doubtfulForMs(SHOP)).toBe(0);
  await clock.resolve("a look", observation.look(SHOP));
  expect([known()?.proven, observation.doubtfulForMs(SHOP)]).toEqual([true, undefined]);
});

test("a doubt is about one hostname and one Deployment", async () => {
  const { clock, session } = await leader();
  const { observation } = session;
  observation.doubt(SHOP, "one");
  observation.doubt("wiki.example.org", "other");
  expect([observation.doubtsOf("one"), observation.doubtsOf("third")]).toEqual([[SHOP], []]);
  expect(observation.doubtfulForMs("else.example.org")).toBeUndefined();
  await clock.advance(60_000);
  await clock.resolve("a look", observation.look(SHOP));
  expect([observation.doubtsOf("one"), observation.doubtsOf("other")]).toEqual([[], ["wiki.example.org"]]);
});

test("a look finds record, mark and application of its hostname, and leaves what it knows of others", async () => {
  const { clock, session, user, zone, calls } = await leader();
  const { observation } = session;
  const { world } = observation;
  const [known] = world.zones;
  observation.wroteRecord(known!, record({ name: "wiki.example.org" }));
  user.call("POST", `/zones/${zone}/dns_records`, recordSpec);
  const content = `"${markText(mark)}"`;
  user.call("POST", `/zones/${zone}/dns_records`, { type: "TXT", name: txtName(SHOP), content });
  makeApp({ user, zone, tunnel: "" });
  const before = calls.length;
  await clock.resolve("a look", observation.look(SHOP));
  expect(calls.length - before).toBe(3);
  expect([...world.recordsAt(SHOP), ...world.recordsAt(txtName(SHOP))].map(({ record: { type } }) => type)).toEqual([
    "CNAME",
    "TXT",
  ]);
  expect(world.appAt(SHOP)?.app.name).toBe(appName(SHOP, mark));
  expect(world.recordsAt("wiki.example.org")).toHaveLength(1);
});

test("a look forgets the record that is gone, and keeps the one that was written a moment ago", async () => {
  const { clock, session, user, zone, cloudflare } = await leader({ lagMs: 30_000 });
  const { observation } = session;
  const { world } = observation;
  const [known] = world.zones;
  const answer = await clock.resolve(
    "the record",
    session.cloudflare.records.batch(known!.id, { posts: [recordSpec] }),
  );
  if (!answer.ok) throw new Error(answer.error.message);
  observation.wroteRecord(known!, answer.value.posts[0]!);
  await clock.resolve("a late look", observation.look(SHOP));
  expect(world.recordsAt(SHOP)).toHaveLength(1);
  await clock.advance(30_000);
  observation.deletedRecord(answer.value.posts[0]!.id);
  await clock.resolve("late lists", observation.load());
  expect(world.recordsAt(SHOP)).toEqual([]);
  await clock.advance(70_000);
  await clock.resolve("the lists", observation.load());
  expect(world.recordsAt(SHOP)).toHaveLength(1);
  for (const id of cloudflare.world.records.keys()) user.call("DELETE", `/zones/${zone}/dns_records/${id}`);
  await clock.advance(90_000);
  await clock.resolve("a look", observation.look(SHOP));
  expect(world.recordsAt(SHOP)).toEqual([]);
});

test("a configuration of the tunnel that is older than the one that was written is passed over", async () => {
  const { clock, session, tunnel, user } = await leader({ lagMs: 30_000 });
  const { observation, routes } = session;
  await clock.resolve("the configuration", routes.sync(true));
  expect(observation.world.configuration.version).toBe(1);
  await clock.resolve("late lists", observation.load());
  expect(observation.world.configuration.version).toBe(1);
  const config = { ingress: [{ hostname: SHOP, service: "http://open:80" }, { service: "http_status:404" }] };
  user.call("PUT", `/accounts/:account/cfd_tunnel/${tunnel}/configurations`, { config });
  await clock.advance(40_000);
  await clock.resolve("the lists", observation.load());
  expect(observation.world.ruleOf(SHOP)?.service).toBe("http://open:80");
});

test("applications carry the operator's tag, which is made once, and again when somebody has deleted it", async () => {
  const { clock, session, calls, user } = await leader();
  const { tag } = session;
  const made = () => calls.filter((call) => call.startsWith("POST") && call.endsWith("/tags")).length;
  await clock.resolve("the tag", Promise.all([tag.ensure(), tag.ensure()]));
  await clock.resolve("the tag", tag.ensure());
  expect(made()).toBe(1);
  user.call("DELETE", `/accounts/:account/access/tags/${tagOf("test")}`);
  tag.forget();
  expect(await clock.resolve("the tag", tag.ensure())).toBeUndefined();
  tag.forget();
  expect(await clock.resolve("one that is there", tag.ensure())).toBeUndefined();
  expect(made()).toBe(3);
});

test("the end of an application says nothing of the one that took its place", async () => {
  const { clock, observation, app: made, known, deleteByHand, user } = await withApp();
  await clock.advance(90_000);
  deleteByHand(made);
  makeApp({ user, zone: "", tunnel: "" });
  await clock.resolve("the lists", observation.load());
  const second = known();
  expect(second?.proven).toBe(true);
  observation.doom(made);
  observation.deletedApp(made);
  expect(known()).toEqual(second);
});

test("what was decided about an application that nobody knows any more is of no effect", async () => {
  const { observation, app: made, known } = await withApp();
  observation.deletedApp(made);
  observation.doom(made);
  observation.spare(made);
  expect(known()).toBeUndefined();
});
