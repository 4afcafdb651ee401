import { expect, test } from "vitest";
import { annotations, FINALIZER } from "./deployment.ts";
import { concerns, readHostname, readWish } from "./wish.ts";

const read = (given: Readonly<Record<string, string>>, more: object = {}) =>
  readWish({
    metadata: { namespace: "web", name: "shop", uid: "1", resourceVersion: "1", annotations: given, ...more },
  });
const least = { [annotations.hostname]: "Shop.Example.org", [annotations.policy]: "family" };

test("a hostname and a policy are enough: the Service has the Deployment's name, its port is 80", () => {
  expect(read(least)).toEqual({
    kind: "wish",
    wish: { hostname: "shop.example.org", policy: "family", service: "http://shop.web.svc:80" },
  });
});

test("Service and port may be others", () => {
  expect(read({ ...least, [annotations.service]: "front", [annotations.port]: "8080" })).toMatchObject({
    wish: { service: "http://front.web.svc:8080" },
  });
});

test("no hostname, a switch, and a deletion mean that nothing is wished for", () => {
  expect(read({}).kind).toBe("none");
  expect(read({ ...least, [annotations.disabled]: "true" }).kind).toBe("none");
  expect(read(least, { deletionTimestamp: "2030-01-01T00:00:00Z" }).kind).toBe("none");
});

test.each([
  [{ [annotations.policy]: "" }, /zero-trust.policy is empty/],
  [{ [annotations.service]: "http://elsewhere" }, /expected the name of a Service/],
  [{ [annotations.port]: "70000" }, /expected a port/],
  [{ [annotations.port]: "80/admin" }, /expected a port/],
  [{ [annotations.disabled]: "yes" }, /expected "true" or "false"/],
  [{ [annotations.hostname]: "*.example.org" }, /expected a hostname/],
])("%o is refused", (given, why) => {
  expect(read({ ...least, ...given })).toEqual({ kind: "invalid", message: expect.stringMatching(why) });
});

test("without a policy nothing is published", () => {
  expect(read({ [annotations.hostname]: "shop.example.org" })).toMatchObject({
    kind: "invalid",
    message: expect.stringMatching(/not set/),
  });
});

test.each([
  ["bücher.example.org", "xn--bcher-kva.example.org"],
  ["a.b", "a.b"],
  ["localhost", undefined],
  ["192.0.2.1", undefined],
  ["0x7f.1", undefined],
  ["-a.example.org", undefined],
  ["a..b", undefined],
  ["a.example.org/admin", undefined],
  ["user@a.example.org", undefined],
  ["a.example.org:80", undefined],
  [`${"a".repeat(64)}.example.org`, undefined],
])("the hostname of %s is %s", (written, hostname) => {
  expect(readHostname(written)).toBe(hostname);
});

test("what is shown of an annotation is short, however long that is", () => {
  const reading = read({ ...least, [annotations.hostname]: "x".repeat(200_000) });
  expect(reading).toEqual({
    kind: "invalid",
    message: `${annotations.hostname} is "${"x".repeat(80)}…"; expected a hostname (RFC 1123) of two labels or more.`,
  });
  expect(read({ ...least, [annotations.service]: `Web${"x".repeat(77)}` })).toMatchObject({
    message: expect.stringContaining(`"Web${"x".repeat(77)}"`),
  });
});

test("the name of a policy is taken as it is, without spaces around it, and has a bound", () => {
  expect(read({ ...least, [annotations.policy]: " Family & Friends " })).toMatchObject({
    wish: { policy: "Family & Friends" },
  });
  expect(read({ ...least, [annotations.policy]: "p".repeat(350) }).kind).toBe("wish");
  expect(read({ ...least, [annotations.policy]: "p".repeat(351) }).kind).toBe("invalid");
});

test.each(["1", "80", "65535"])("port %s is one", (port) => {
  expect(read({ ...least, [annotations.port]: port })).toMatchObject({
    wish: { service: `http://shop.web.svc:${port}` },
  });
});

test.each(["0", "080", "65536", "x80", "80x", "-1", ""])("port %o is none", (port) => {
  expect(read({ ...least, [annotations.port]: port }).kind).toBe("invalid");
});

test("a hostname may have 253 characters in labels of 63, and no more", () => {
  const label = "a".repeat(63);
  const longest = `${label}.${label}.${label}.${"a".repeat(61)}`;
  expect(readHostname(longest)).toBe(longest);
  expect(readHostname(`a${longest}`)).toBeUndefined();
  expect(readHostname(`${longest}a`)).toBeUndefined();
});

test("a Deployment concerns the operator while it asks, is held, or has a state", () => {
  const metadata = { namespace: "web", name: "shop", uid: "1", resourceVersion: "1" };
  expect(concerns({ metadata })).toBe(false);
  expect(concerns({ metadata: { ...metadata, annotations: { other: "x" } } })).toBe(false);
  expect(concerns({ metadata: { ...metadata, annotations: { [annotations.state]: "{}" } } })).toBe(true);
  expect(concerns({ metadata: { ...metadata, annotations: { [annotations.hostname]: "?" } } })).toBe(true);
  expect(concerns({ metadata: { ...metadata, finalizers: [FINALIZER] } })).toBe(true);
  expect(concerns({ metadata: { ...metadata, finalizers: ["other"] } })).toBe(false);
});
