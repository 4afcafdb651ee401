import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { validate } from "../compile.ts";
import type { Machine } from "../model.ts";
import { checkModel } from "./check.ts";
import { mutate } from "./mutate.ts";

const path = (name: string): string => `operators/sextant/examples/${name}/machine.yaml`;
const exposure = readFileSync(path("exposure"), "utf8");
const volume = readFileSync(path("volume"), "utf8");

function machineOf(source: string): Machine {
  const result = validate("m.yaml", source);
  if (!result.ok) throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return result.machine;
}

const found = (source: string): readonly string[] =>
  checkModel(machineOf(source)).problems.map(({ line, message }) => `${line} ${message}`);

function changed(source: string, ...changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    expect(next, `${String(from)} stands in the source`).not.toBe(text);
    return next;
  }, source);
}

test.each(["request", "exposure", "gadget", "volume"])(
  "nothing is wrong with the example %s, and each fault put into it is noticed",
  (name) => {
    const machine = machineOf(readFileSync(path(name), "utf8"));
    expect(checkModel(machine).problems).toEqual([]);
    const mutations = mutate(machine);
    expect(mutations.length).toBeGreaterThanOrEqual(machine.transitions.length);
    expect(mutations.filter(({ problems }) => problems.length === 0).map(({ description }) => description)).toEqual([]);
  },
);

test("a route that is published before its application is found, with the run that exposes it", () => {
  const source = changed(
    exposure,
    [/creates: accessApp/, "creates: route"],
    [/(action: PublishRoute[^]*?)creates: route/, "$1creates: accessApp"],
  );
  expect(found(source)).toEqual([
    `102 route exists without accessApp:
    Pending, a new resource
    Pending → CreatingDns by CreateRecord; outside: dnsRecord
    CreatingDns: a crash or timeout after CreateApp took effect, before it was recorded; outside: dnsRecord, route`,
  ]);
});

test("a route that is removed after its application is found", () => {
  const source = changed(
    exposure,
    [/removes: route/, "removes: kept"],
    [/removes: accessApp/, "removes: route"],
    [/removes: kept/, "removes: accessApp"],
  );
  expect(found(source)[0]).toMatch(
    /^102 route exists without accessApp:[^]*RemovingRoute: a crash or timeout after RemoveRoute took effect, before it was recorded; outside: dnsRecord, route$/,
  );
});

test("what is created before a crash is found when deletion does not look for it", () => {
  const source = `states:
  - { name: Pending, initial: true }
  - { name: Ready, terminal: true, fields: { recordID: string } }
  - { name: Removing, deletion: true }
  - { name: Removed, deletion: true, terminal: true }
transitions:
  - { from: Pending, to: Ready, action: Create, params: { recordID: string }, creates: dnsRecord }
  - { from: Pending, to: Removed, action: Forget, trigger: deletionTimestamp }
  - { from: Ready, to: Removing, action: Delete, trigger: deletionTimestamp }
  - { from: Removing, to: Removed, action: Remove, removes: dnsRecord }
`;
  expect(found(source)).toEqual([
    `5 "Removed" is reached while dnsRecord still exists; remove it on the way (removes):
    Pending, a new resource
    Pending: a crash or timeout after Create took effect, before it was recorded; outside: dnsRecord
    Pending → Removed by Forget (deletionTimestamp); outside: dnsRecord`,
  ]);
  expect(found(changed(source, [/to: Removed, action: Forget/, "to: Removing, action: Delete"]))).toEqual([]);
});

test("things that no deletion removes are found", () => {
  expect(found(changed(volume, [/removes: attachment/, "removes: volume"]))[0]).toMatch(
    /"Released" is reached while attachment still exists/,
  );
  const endless = `states:
  - { name: Pending, initial: true }
  - { name: Ready, terminal: true }
transitions:
  - { from: Pending, to: Ready, action: Create, creates: dnsRecord }
`;
  expect(found(endless)).toEqual([
    expect.stringMatching(/^5 dnsRecord will be left behind: the machine has no deletion states/),
  ]);
});

test("a state that deletion does not reach is found", () => {
  expect(
    found(changed(exposure, [/from: "\*"(\n    to: RemovingRoute)/, "from: [Pending, CreatingDns, Ready, Failed]$1"])),
  ).toEqual([
    expect.stringMatching(
      /^22 "CreatingApp" cannot be deleted; [^]*CreatingDns → CreatingApp by CreateApp; outside: accessApp, dnsRecord$/,
    ),
  ]);
});

test("a guard over recorded fields that can stay false for ever makes a trap, with the values that do", () => {
  const source = changed(
    volume,
    [/from\.attempts < 5 && !from\.wasAttached/, "from.attempts < 5"],
    [/from\.attempts >= 5 \|\| from\.wasAttached/, "from.attempts > 6"],
    [/from: \[Attached, Failed, GivenUp\]/, "from: [Attached, GivenUp]"],
    [/in: \[Attached, Failed, GivenUp\]/, "in: [Attached, GivenUp]"],
  );
  expect(found(source)[0]).toMatch(
    /"Failed" is a trap: nothing but deletion leads out of it;[^]*Failed: failed once more with [^]*attempts 5/,
  );
});

test("a guard that is never true is found", () => {
  expect(found(changed(volume, [/from\.attempts >= 5 \|\| from\.wasAttached/, "from.attempts < 0"]))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/"GivenUp" is never reached/),
      expect.stringMatching(/Failed → GivenUp by GiveUp can never be taken/),
    ]),
  );
});

test("guards that are true at once are found, with values that make them so", () => {
  expect(found(changed(volume, [/from\.attempts >= 5 \|\|/, "from.attempts >= 4 ||"]))).toEqual([
    expect.stringMatching(
      /Failed: Retry and GiveUp are both open when from\.attempts is 4, from\.wasAttached is false/,
    ),
  ]);
});

test("a working state without a way into an error is found", () => {
  expect(found(changed(exposure, [/from: "\*"(\n    to: Failed)/, "from: [CreatingDns, CreatingApp]$1"]))).toEqual([
    expect.stringMatching(/^16 "Pending" has no way into an error \(Failed\)/),
  ]);
});

test("a property that is not kept is found where it is written", () => {
  expect(found(changed(exposure, [/guard: publishable\n    (params: \[configVersion)/, "$1"]))).toEqual([
    expect.stringMatching(
      /^104 CreatingApp → Ready by PublishRoute is open though ctx\.policyKnown && ctx\.enabled is false, when/,
    ),
  ]);
  expect(found(changed(volume, [/offers: Retry, in: Failed/, "offers: Retry, in: Ordered"]))).toEqual([
    expect.stringMatching(/"Ordered" does not offer Retry/),
  ]);
});

test("a guard of more choices than can be explored is refused", () => {
  const flags = Array.from({ length: 14 }, (_, index) => `flag${index}`);
  const source = `context: { ${flags.map((flag) => `${flag}: boolean`).join(", ")} }
states:
  - { name: Pending, initial: true }
  - { name: Ready, terminal: true }
transitions:
  - { from: Pending, to: Ready, action: Finish, guard: ${flags.map((flag) => `ctx.${flag}`).join(" && ")} }
`;
  expect(found(source)).toEqual([
    expect.stringMatching(/^6 the guard finish of Finish depends on 16384 choices of the world/),
  ]);
  expect(found(source.replaceAll(/flag1[0-3]/g, "flag9").replace(/(flag9: boolean, )+/, ""))).toEqual([]);
});

test("guards over parameters of different actions are compared, too", () => {
  const source = `states:
  - { name: Pending, initial: true }
  - { name: Ready, terminal: true, fields: { size: integer? } }
transitions:
  - { from: Pending, to: Ready, action: Take, guard: from.attempts < 2 }
  - { from: Pending, to: Ready, action: Resize, guard: params.size > 3, params: { size: integer } }
`;
  expect(found(source)).toEqual([
    expect.stringMatching(/^6 Pending: Take and Resize are both open when from\.attempts is 1?0?, params\.size is \d/),
  ]);
});

const noticed = (source: string): readonly string[] =>
  mutate(machineOf(source)).flatMap(({ description, problems }) => (problems.length > 0 ? [] : [description]));

test.each([
  [
    "another target",
    exposure,
    /(answers: drift, in: Ready), to: Pending/,
    "Ready → Pending by Repair leading to CreatingDns",
  ],
  ["another trigger", volume, /offers: (\[Expire), Fail\]/, "Ordered → Failed by Fail with trigger: specChange"],
  [
    "a guard that is stricter",
    volume,
    /(offers: Retry, in: Failed), to: Pending, when: .*(?= \})/,
    "from.attempts < 4 && !from.wasAttached",
  ],
  [
    "a guard that is weaker",
    volume,
    /(requires): ctx\.nodeReady/,
    "Attaching → Attached by Attach with the guard true",
  ],
])("%s is found by one property, and by nothing when that says less", (_, source, property, description) => {
  expect(noticed(source)).toEqual([]);
  const less = property.source.startsWith("(requires")
    ? "$1: ctx.nodeReady || true"
    : property.source.startsWith("offers")
      ? "offers: $1]"
      : "$1";
  expect(noticed(changed(source, [property, less])).join("\n")).toContain(description);
});

test("answers and offers tell where they lead, and when they are open", () => {
  expect(
    found(changed(exposure, [/answers: drift, in: Ready, to: Pending/, "answers: drift, in: Ready, to: Failed"])),
  ).toEqual([
    expect.stringMatching(/"Ready" does not answer drift by leading to Failed; add a transition with this trigger/),
  ]);
  expect(
    found(changed(volume, [/offers: Retry, in: Failed, to: Pending/, "offers: Retry, in: Failed, to: GivenUp"])),
  ).toEqual([expect.stringMatching(/"Failed" does not offer Retry by leading to GivenUp/)]);
  expect(found(changed(volume, [/when: from\.attempts < 5 &&/, "when: from.attempts < 6 &&"]))).toEqual([
    expect.stringMatching(
      /Failed → Pending by Retry is closed though .* is true, when from\.attempts is 5, from\.wasAttached is false/,
    ),
  ]);
});
