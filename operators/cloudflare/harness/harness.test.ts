import { expect, test } from "vitest";
import { cloudflareActions, deletion, kubernetesActions, one } from "./actions.ts";
import { type Design, designs, plainOperator } from "./designs.ts";
import { type Explored, explore, type Finding } from "./explore.ts";
import type { HarnessFault, UserAction } from "./types.ts";

const crashes: readonly HarnessFault[] = ["crashBefore", "crash", "timeoutAfterCommit"];
const LONG_MS = 600_000;

/** Somebody acts at any moment, with any of the faults at any call. */
const explored = (design: Design, faults = crashes, actions: readonly UserAction[] = [deletion]): Promise<Explored> =>
  explore({
    subject: plainOperator(design),
    scenario: one,
    actions,
    faults,
    enough: Infinity,
    limitMs: 60_000,
    restMs: 10_000,
  });

/** What is wrong with a design, each kind with the run that showed it first. */
function kindsOf({ findings }: Explored): ReadonlyMap<string, Finding> {
  const kinds = new Map<string, Finding>();
  for (const finding of findings)
    for (const problem of finding.problems) {
      const kind = problem.split(":")[0]!;
      if (!kinds.has(kind)) kinds.set(kind, finding);
    }
  return kinds;
}
const namesOf = (kinds: ReadonlyMap<string, Finding>) => [...kinds.keys()].toSorted();
const lastOf = (finding: Finding | undefined) => finding?.trace.at(-1);

test(
  "A, with the finalizer last and deletion by what was recorded: orphans, never comes to its goal, exposes",
  { timeout: LONG_MS },
  async () => {
    const kinds = kindsOf(await explored(designs.A));
    expect(namesOf(kinds)).toEqual(["exposed", "missing", "orphan"]);
    expect(kinds.get("orphan")?.name).toBe("delete the Deployment before call 1");
    expect(lastOf(kinds.get("orphan"))).toContain("orphan: record CNAME web.example.org");
    expect(kinds.get("missing")?.name).toBe("crash at call 3");
  },
);

test(
  "B, with the finalizer first: still all three, the orphan after a crash before the identifier was recorded",
  { timeout: LONG_MS },
  async () => {
    const kinds = kindsOf(await explored(designs.B));
    expect(namesOf(kinds)).toEqual(["exposed", "missing", "orphan"]);
    expect(kinds.get("orphan")?.name).toBe("delete the Deployment before call 4; crash at call 4");
    expect(kinds.get("orphan")?.trace.join("\n")).toMatch(
      /POST \/zones\/1\/dns_records\/batch {3}<< crash[^]*orphan: record CNAME/,
    );
    expect(kinds.get("missing")?.name).toBe("crash at call 4");
  },
);

test("C, which adopts: comes to its goal, still orphans and exposes", { timeout: LONG_MS }, async () => {
  const kinds = kindsOf(await explored(designs.C));
  expect(namesOf(kinds)).toEqual(["exposed", "orphan"]);
  expect(kinds.get("orphan")?.name).toBe("delete the Deployment before call 4; crash at call 4");
});

test("D, which deletes what it finds: no orphans, still exposes while it deletes", { timeout: LONG_MS }, async () => {
  const kinds = kindsOf(await explored(designs.D));
  expect(namesOf(kinds)).toEqual(["exposed"]);
  expect(kinds.get("exposed")?.trace.join("\n")).toMatch(
    /DELETE \/accounts\/0\/access\/apps\/\S+\n.*!! exposed: web\.example\.org has a route and no Access application, by DELETE/,
  );
});

test("E, which deletes the route first: holds against crashes and lost answers", { timeout: LONG_MS }, async () => {
  const { findings, runs } = await explored(designs.E);
  expect(findings).toEqual([]);
  expect(runs).toBeGreaterThan(200);
});

test("E exposes when another one leads meanwhile, and holds when it asks the fence", { timeout: LONG_MS }, async () => {
  expect(namesOf(kindsOf(await explored(designs.E, ["leaderChange"])))).toContain("exposed");
  expect((await explored({ ...designs.E, fenced: true }, ["leaderChange"])).findings).toEqual([]);
});

test("E orphans and exposes when a read is late, since it believes the first one", { timeout: LONG_MS }, async () => {
  expect(namesOf(kindsOf(await explored(designs.E, ["stale"])))).toEqual(["exposed", "orphan"]);
});

test(
  "E, which never looks again at what it recorded, repairs no edit by hand, and exposes after one",
  { timeout: LONG_MS },
  async () => {
    const kinds = kindsOf(await explored(designs.E, [], cloudflareActions));
    expect(namesOf(kinds)).toEqual(["exposed", "missing"]);
    expect(kinds.get("exposed")?.name).toContain("delete the application by hand");
  },
);

test("E cleans no hostname that was changed", { timeout: LONG_MS }, async () => {
  const change = kubernetesActions.filter(({ name }) => name === "change the hostname");
  expect(namesOf(kindsOf(await explored(designs.E, [], change)))).toContain("orphan");
});
