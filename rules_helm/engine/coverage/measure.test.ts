import assert from "node:assert/strict";
import { test } from "node:test";
import { measureCoverage, type Render } from "./measure.ts";

// A template is a function of values here; the tests of the rule have real charts and a real helm.
type Values = Record<string, any>; // eslint-disable-line

function renderer(template: (values: Values) => string): Render & { count: number } {
  const render = async (values: Values): Promise<{ ok: boolean; text: string }> => {
    render.count += 1;
    try {
      return { ok: true, text: template(values) };
    } catch (error) {
      return { ok: false, text: String(error) };
    }
  };
  render.count = 0;
  return render as Render & { count: number };
}

async function unread(values: Values, template: (values: Values) => string, schema?: unknown): Promise<string[]> {
  const coverage = await measureCoverage(values, renderer(template), schema);
  return coverage.unread.map(({ key }) => key);
}

const refuse = (why: string): never => {
  throw new Error(why);
};

test("what is printed is read, what is not printed is not", async () => {
  const values = { image: { tag: "1", repository: "x" }, replicas: 2, replica: 3 };
  assert.deepEqual(await unread(values, (v) => `${v.image.repository}:${v.image.tag} ${v.replicas}`), ["replica"]);
});

test("many printed values cost two renderings and one to trust them", async () => {
  const values = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, `value ${index}`]));
  const render = renderer((v) => JSON.stringify(v));
  assert.deepEqual((await measureCoverage(values, render)).unread, []);
  assert.equal(render.count, 3);
});

test("values behind a flag that is off are read", async () => {
  const values = { ingress: { enabled: false, host: "a", hots: "b" } };
  assert.deepEqual(await unread(values, (v) => (v.ingress.enabled ? v.ingress.host : "")), ["ingress.hots"]);
});

test("values behind a flag that is on, in the other branch, are read", async () => {
  assert.deepEqual(await unread({ secure: true, plain: "a" }, (v) => (v.secure ? "tls" : v.plain)), []);
});

test("values behind two flags, or a flag and an empty list, are read", async () => {
  const values = { a: false, b: false, deep: "x", hosts: [], port: 80 };
  const template = (v: Values): string =>
    (v.a && v.b ? v.deep : "") + v.hosts.map((host: Values) => `${host.name ?? ""}:${v.port}`).join();
  assert.deepEqual(await unread(values, template), []);
});

test("values of a shut branch that requires another value are read", async () => {
  const values = { tls: false, secret: "", issuer: "letsencrypt" };
  const template = (v: Values): string => (v.tls ? `${v.secret || refuse("secret is required")} ${v.issuer}` : "");
  assert.deepEqual(await unread(values, template), []);
});

test("a value that is only compared is read", async () => {
  const values = { mode: "off", level: 3, size: "small" };
  const compare = (a: unknown, b: unknown): boolean =>
    typeof a === typeof b ? a === b : refuse("incompatible types for comparison");
  const template = (v: Values): string => `${compare(v.mode, "on")} ${v.level >= 10} ${v.size === "large"}`;
  const schema = { properties: { size: { $ref: "#/$defs/size" }, level: { anyOf: [{ enum: [3, 10] }] } } };
  const listed = { ...schema, $defs: { size: { enum: ["small", "large"] } } };
  assert.deepEqual(await unread(values, template, listed), []);
});

test("a value behind a compared one that the schema lists is read", async () => {
  const template = (v: Values): string => (v.kind === "s3" ? v.bucket : "disk");
  const schema = { properties: { kind: { enum: ["disk", "s3"] } } };
  assert.deepEqual(await unread({ kind: "disk", bucket: "photos" }, template, schema), []);
});

test("empty maps, empty lists and nulls are values like others", async () => {
  const values = { labels: {}, hosts: [], owner: null, unused: {} };
  const template = (v: Values): string => JSON.stringify([v.labels, v.hosts, v.owner]);
  assert.deepEqual(await unread(values, template), ["unused"]);
});

test("a key in an item of a list is looked at by itself", async () => {
  const values = {
    env: [
      { name: "A", value: "1" },
      { name: "B", vaule: "2" },
    ],
  };
  const template = (v: Values): string => v.env.map((one: Values) => `${one.name}=${one.value}`).join();
  assert.deepEqual(await unread(values, template), ["env[1].vaule"]);
});

test("what only changes the failure of a chart that cannot be rendered is read", async () => {
  const template = (v: Values): string => refuse(`need ${v.name}`);
  assert.deepEqual(await unread({ name: "x", other: "y" }, template), ["other"]);
});

test("a rendering that differs from itself is an error", async () => {
  let count = 0;
  await assert.rejects(
    measureCoverage({ a: 1 }, async () => ({ ok: true, text: String((count += 1)) })),
    /two renderings of the same values differ/,
  );
});
