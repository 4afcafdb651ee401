import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { strToU8, zipSync } from "fflate";
import { Refusal } from "../engine/command.ts";
import { readAdvisories } from "../engine/sca/advisories.ts";
import { parseLock, printLock } from "./lock.ts";
import { digestOf, originsOf } from "./origins.ts";
import { type Origin, startOrigin } from "./server.ts";
import { faultsOf, update } from "./update.ts";

const LOCK = {
  version: 1,
  packs: { typescript: { source: "p/typescript", file: "packs/typescript.yaml" } },
  advisories: { npm: { source: "npm", ecosystem: "npm", ids: ["GHSA-"], file: "advisories/npm.json" } },
} as const;

const rule = (id: string, more = ""): string =>
  `  - id: ${id}\n    languages: [typescript]\n    severity: ERROR\n    message: No ${id}.\n    pattern: ${id}()\n${more}`;

const record = (id: string, ecosystem = "npm", more: object = {}): Uint8Array =>
  strToU8(
    JSON.stringify({
      id,
      summary: id,
      affected: [{ package: { ecosystem, name: "left-pad" }, versions: ["1.0.0"] }],
      ...more,
    }),
  );

interface Scene {
  readonly origin: Origin;
  readonly said: string[];
  readonly path: string;
  read(file: string): string;
  run(options?: { engine?: string; token?: string; lock?: object }): Promise<boolean>;
}

function scene(play: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "update-"));
    const origin = await startOrigin();
    origin.answers.set("/c/p/typescript", `rules:\n${rule("two")}${rule("one")}`);
    origin.answers.set("/npm/all.zip", zipSync({ "GHSA-2.json": record("GHSA-2"), "GHSA-1.json": record("GHSA-1") }));
    const path = join(folder, "semgrep.lock.json");
    writeFileSync(path, printLock(LOCK as never));
    const said: string[] = [];
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    const run: Scene["run"] = async ({ engine, token = "", lock } = {}) => {
      if (lock !== undefined) writeFileSync(path, printLock(lock as never));
      said.length = 0;
      const env = { SEMGREP_URL: `${origin.url}/`, OSV_URL: origin.url, SEMGREP_APP_TOKEN: token };
      return update({ lock: path, engine, origins: originsOf(env), say: (line) => said.push(line) });
    };
    try {
      await play({ origin, said, path, read, run });
    } finally {
      origin.stop();
      rmSync(folder, { recursive: true });
    }
  };
}

const refusal =
  (...texts: readonly string[]) =>
  (error: Error): boolean => {
    assert.ok(error instanceof Refusal, String(error.stack));
    for (const text of texts) assert.ok(error.message.includes(text), `expected "${text}" in:\n${error.message}`);
    return true;
  };

test(
  "a first update writes the files and their digests, in the order of ids, and says what is new",
  scene(async ({ path, read, run, said }) => {
    assert.equal(await run(), true);
    assert.deepEqual(said, ["packs.typescript: 2 new (one, two)", "advisories.npm: 2 new (GHSA-1, GHSA-2)"]);
    const lock = parseLock(readFileSync(path, "utf8"), path);
    assert.equal(lock.packs["typescript"]?.digest, digestOf(read("packs/typescript.yaml")));
    assert.ok(read("packs/typescript.yaml").indexOf("id: one") < read("packs/typescript.yaml").indexOf("id: two"));
    assert.deepEqual(
      read("advisories/npm.json")
        .split("\n")
        .map((line) => line.slice(0, 14)),
      ["[", '{"id":"GHSA-1"', '{"id":"GHSA-2"', "]", ""],
    );
    assert.deepEqual(await faultsOf(path), []);
  }),
);

test(
  "where nothing changed nothing is written, also when an origin sends another order",
  scene(async ({ origin, path, run, said }) => {
    await run();
    const before = readFileSync(path, "utf8");
    origin.answers.set("/c/p/typescript", `rules:\n${rule("one")}${rule("two")}`);
    assert.equal(await run(), false);
    assert.deepEqual(said, [`${path}: nothing changed`]);
    assert.equal(readFileSync(path, "utf8"), before);
  }),
);

test(
  "what is new, changed and gone is said",
  scene(async ({ origin, run, said }) => {
    await run();
    origin.answers.set("/c/p/typescript", `rules:\n${rule("one", "    fix: 1()\n")}${rule("three")}`);
    assert.equal(await run(), true);
    assert.deepEqual(said, ["packs.typescript: 1 new (three), 1 changed (one), 1 gone (two)"]);
  }),
);

test(
  "rules that scans refuse are left out, each with why",
  scene(async ({ origin, read, run, said }) => {
    origin.answers.set("/c/p/typescript", `rules:\n${rule("one")}${rule("joined", "    mode: join\n")}`);
    await run();
    assert.match(said[1] ?? "", /left out: .*rule joined: mode: join/);
    assert.doesNotMatch(read("packs/typescript.yaml"), /joined/);
  }),
);

test(
  "checks of dependencies read the records that were written",
  scene(async ({ read, run }) => {
    await run();
    const found = readAdvisories([{ file: "advisories/npm.json", text: read("advisories/npm.json") }]);
    assert.deepEqual(
      found.map(({ id, affected }) => [id, affected.map(({ ecosystem, name }) => `${ecosystem} ${name}`)]),
      [
        ["GHSA-1", ["npm left-pad"]],
        ["GHSA-2", ["npm left-pad"]],
      ],
    );
  }),
);

test(
  "of records those of the ecosystem are kept that were not withdrawn and whose ids are asked for",
  scene(async ({ origin, run, said }) => {
    const zip = {
      "MAL-1.json": record("MAL-1"),
      "GHSA-1.json": record("GHSA-1"),
      "GHSA-2.json": record("GHSA-2", "npm", { withdrawn: "2026-01-01T00:00:00Z" }),
      "GHSA-3.json": record("GHSA-3", "PyPI"),
    };
    origin.answers.set("/npm/all.zip", zipSync(zip));
    await run();
    assert.equal(said[1], "advisories.npm: 1 new (GHSA-1)");
  }),
);

for (const [what, path, answer, ...texts] of [
  [
    "is not there",
    "/c/p/typescript",
    (response: { writeHead(status: number): { end(): void } }) => response.writeHead(404).end(),
    "packs.typescript: it was not given",
    "status 404",
  ],
  [
    "ends early",
    "/npm/all.zip",
    (response: {
      writeHead(status: number, headers: object): void;
      write(text: string, done: () => void): void;
      destroy(): void;
    }) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("PK", () => response.destroy());
    },
    "advisories.npm: the answer ended early",
  ],
  ["is no zip", "/npm/all.zip", "words", "advisories/npm.json: what came is no zip"],
  ["has no record", "/npm/all.zip", zipSync({ "GHSA-3.json": record("GHSA-3", "PyPI") }), "no record of npm is in it"],
  ["has a broken record", "/npm/all.zip", zipSync({ "GHSA-1.json": strToU8("{") }), "GHSA-1.json: it is not JSON"],
  ["is no pack", "/c/p/typescript", "<html>", "what came has no rules"],
  ["is no YAML", "/c/p/typescript", "rules: [", "what came is not YAML"],
] as const) {
  test(
    `what ${what} is refused, and nothing has changed`,
    scene(async ({ origin, path: lock, run }) => {
      const before = readFileSync(lock, "utf8");
      origin.answers.set(path, answer as never);
      await assert.rejects(run(), refusal(...texts));
      assert.equal(readFileSync(lock, "utf8"), before);
      assert.deepEqual(readdirSync(join(lock, "..")), ["semgrep.lock.json"]);
    }),
  );
}

test(
  "a new engine stands in the lock, and the digests of the old Pro engine do not stay",
  scene(async ({ path, run, said }) => {
    await run({
      lock: { ...LOCK, engine: { version: "1.0.0", pro: { linux_amd64: `sha256:${"0".repeat(64)}` } } },
      engine: "1.1.0",
    });
    assert.equal(said[2], "engine: 1.0.0 -> 1.1.0");
    assert.match(said[3] ?? "", /not pinned any more/);
    assert.deepEqual(parseLock(readFileSync(path, "utf8"), path).engine, { version: "1.1.0", pro: {} });
  }),
);

test(
  "with a token the Pro engine is pinned again, and the token is not taken along to another host",
  scene(async ({ origin, path, run }) => {
    const store = await startOrigin();
    try {
      store.answers.set("/signed", "engine");
      for (const name of ["osx-arm64", "manylinux-x86", "manylinux-arm64"]) {
        origin.answers.set(`/api/agent/deployments/deepbinary/${name}?version=1.1.0`, (response) =>
          response.writeHead(302, { location: `${store.url}/signed` }).end(),
        );
      }
      await run({ lock: { ...LOCK, engine: { version: "1.0.0", pro: {} } }, engine: "1.1.0", token: "secret" });
      const digest = digestOf("engine");
      const pro = { darwin_arm64: digest, linux_amd64: digest, linux_arm64: digest };
      assert.deepEqual(parseLock(readFileSync(path, "utf8"), path).engine, { version: "1.1.0", pro });
      assert.deepEqual(new Set(store.seen.map(([, authorization]) => authorization)), new Set([undefined]));
      assert.equal(origin.seen.filter(([, authorization]) => authorization === "Bearer secret").length, 3);
      assert.doesNotMatch(readFileSync(path, "utf8"), /secret/);
    } finally {
      store.stop();
    }
  }),
);

test(
  "a file that was changed by hand, or is gone, is found",
  scene(async ({ path, run }) => {
    await run();
    writeFileSync(join(path, "../packs/typescript.yaml"), "rules: []\n");
    rmSync(join(path, "../advisories/npm.json"));
    const faults = await faultsOf(path);
    assert.match(faults[0] ?? "", /^packs\/typescript.yaml: expected sha256:\w{64}, found sha256:\w{64}$/);
    assert.match(faults[1] ?? "", /^advisories\/npm.json: expected sha256:\w{64}, found no file$/);
  }),
);

test("a lock that does not fit is refused with every place", () => {
  const text = JSON.stringify({ version: 2, packs: { a: { file: "../a" } }, advisories: [] });
  assert.throws(
    () => parseLock(text, "semgrep.lock.json"),
    refusal(
      "semgrep.lock.json: it is no lock",
      "version: expected 1",
      "packs.a.source",
      "packs.a.file: expected a path below the lock",
      "advisories: expected an object",
    ),
  );
  assert.throws(() => parseLock("{", "semgrep.lock.json"), refusal("it is not JSON"));
});
