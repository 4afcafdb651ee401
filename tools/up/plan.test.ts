import { expect, test } from "vitest";

import type { Part } from "./part.ts";
import { parts, platform } from "./parts.ts";
import { type PlanInput, chooseParts, makePlan, startOrder } from "./plan.ts";

const programs = Object.fromEntries(
  parts.map(({ name }) => [name, name === "nats" || name === "s3" ? `/bin/${name}` : `/srv/${name}/main.mjs`]),
);
const input: PlanInput = {
  set: platform,
  only: [],
  basePort: 8080,
  stateFolder: "/state",
  programs,
  sites: { trips: "/sites/trips" },
  node: "/node",
  secrets: { s3: { accessKeyId: "id", secretAccessKey: "secret" }, apiKey: "secret-key" },
  baseEnv: { PATH: "/usr/bin" },
};
const planned = (changed: Partial<PlanInput> = {}) => {
  const result = makePlan({ ...input, ...changed });
  if (result.kind === "refused") throw new Error(result.message);
  return result.parts;
};
const refusal = (changed: Partial<PlanInput>) => {
  const result = makePlan({ ...input, ...changed });
  return result.kind === "refused" ? result.message : "";
};
const part = (name: string, after: string[] = []): Part => ({
  name,
  about: "",
  after,
  ports: { http: 0 },
  ready: { kind: "tcp", port: "http" },
  launch: () => ({}),
});

test("every part comes behind everything it needs", () => {
  const order = planned().map(({ name }) => name);
  for (const { name, after } of parts)
    for (const needed of after) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(name));
});

test("no two ports of the platform are the same", () => {
  const ports = planned().flatMap((one) => Object.values(one.ports));
  expect(new Set(ports).size).toBe(ports.length);
});

test("the front door has the base port, and another base moves every port by the same distance", () => {
  expect(planned().find(({ name }) => name === "front-door")?.ports).toEqual({ http: 8080 });
  const moved = planned({ basePort: 9080 });
  expect(moved.map((one) => one.ports)).toEqual(
    planned().map((one) => Object.fromEntries(Object.entries(one.ports).map(([name, port]) => [name, port + 1000]))),
  );
});

test("services get the wire contract's variables, with the addresses of this plan", () => {
  expect(planned({ basePort: 9080 }).find(({ name }) => name === "trips-capture")).toMatchObject({
    command: ["/node", "--enable-source-maps", "/srv/trips-capture/main.mjs"],
    folder: "/state/trips-capture",
    ready: { kind: "http", url: "http://127.0.0.1:9082/readyz" },
    env: {
      PATH: "/usr/bin",
      HOST: "127.0.0.1",
      PORT: "9082",
      CAMERA_URL: "http://127.0.0.1:9081",
      CAPTURE_INTERVAL_S: "5",
      NATS_URL: "nats://127.0.0.1:9084",
      S3_ENDPOINT: "http://127.0.0.1:9086",
      S3_BUCKET: "trips",
      S3_ACCESS_KEY_ID: "id",
      S3_SECRET_ACCESS_KEY: "secret",
      STATE_DIR: "/state/trips-capture",
    },
  });
});

test("secrets are never arguments, which every user of the machine can read", () => {
  expect(
    planned()
      .flatMap(({ command }) => command)
      .join(" "),
  ).not.toContain("secret");
});

test("programs beside the platform are told of it when all that they need runs, and of a port that no part has", () => {
  const told = (changed: Partial<PlanInput> = {}) => {
    const result = makePlan({ ...input, ...changed });
    return result.kind === "plan" ? result.clients : undefined;
  };
  expect(told({ basePort: 9080 })).toEqual({
    NATS_URL: "nats://127.0.0.1:9084",
    S3_ENDPOINT: "http://127.0.0.1:9086",
    S3_REGION: "us-east-1",
    S3_BUCKET: "trips",
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "secret",
    TRIPS_API_URL: "http://127.0.0.1:9083",
    TRIPS_API_KEY: "secret-key",
    STATE_DIR: "/state/clients",
    PORT: "9089",
  });
  expect(planned().find(({ name }) => name === "trips-api")?.env["API_KEYS"]).toBe("secret-key");
  expect(told({ only: ["trips-api"] })).toEqual(told());
  expect(told({ only: ["s3"] })).toBeNull();
});

test("the front door knows each system's site and the origin of its API; a site that was not built is null", () => {
  const systemsOf = (changed: Partial<PlanInput>) =>
    JSON.parse(planned(changed).find(({ name }) => name === "front-door")?.env["SYSTEMS"] ?? "");
  expect(systemsOf({})).toMatchObject([
    { name: "trips", site: "/sites/trips", api: "http://127.0.0.1:8083", images: "http://127.0.0.1:8088" },
  ]);
  expect(systemsOf({ sites: {} })).toMatchObject([{ name: "trips", site: null }]);
});

test("--only brings what the named parts need, and nothing else", () => {
  expect(planned({ only: ["trips-api"] }).map(({ name }) => name)).toEqual(["nats", "s3", "trips-api"]);
  expect(chooseParts(parts, [])).toBe(parts);
});

test("refusals name what was wrong and what there is", () => {
  expect(refusal({ only: ["tripz"] })).toMatch(/"tripz".*The parts are: nats, s3/);
  expect(refusal({ basePort: 65_535 })).toMatch(/65535 leaves no room/);
  expect(refusal({ programs: {} })).toMatch(/No program is known for nats, .*--program/s);
  expect(
    refusal({ set: { ...platform, parts: [part("a", ["b"]), part("b", ["a"])] }, programs: { a: "/a", b: "/b" } }),
  ).toMatch(/circle: a, b/);
});

test("a part is told its tools, its site and the folders of others; a tool that was not handed over is named", () => {
  const shown: Part = {
    ...part("a"),
    tools: ["hammer"],
    launch: ({ tool, site, stateOf }) => ({ args: [tool("hammer"), String(site("page")), stateOf("b")] }),
  };
  const set = { ...platform, parts: [shown], systems: [] };
  const found = planned({ set, programs: { a: "/a", hammer: "/bin/hammer" }, sites: { page: "/page" } });
  expect(found[0]?.command).toEqual(["/a", "/bin/hammer", "/page", "/state/b"]);
  expect(refusal({ set, programs: { a: "/a" } })).toMatch(/No program is known for hammer\./);
  expect(() => planned({ set: { ...set, parts: [{ ...shown, tools: [] }] }, programs: { a: "/a" } })).toThrow(
    'part "a" declares no tool "hammer"',
  );
});

test("parts without an order between them keep the order in which they are declared", () => {
  expect(startOrder([part("c", ["b"]), part("a"), part("b")])?.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});
