import { expect, test } from "vitest";
import { claimOf, isHeld } from "./claims.ts";
import { annotations, type Deployment } from "./deployment.ts";
import { all, plan } from "./testing/plan.ts";
import { wish } from "./testing/stage.ts";
import { cacheOf, deployment, last, worldWith } from "./testing/world.ts";

const SHOP = "shop.example.org";
const shop = deployment("shop", wish(SHOP));
const claim = (given: Deployment, others: readonly Deployment[] = [], world = worldWith()) =>
  claimOf(given, cacheOf([given, ...others]), world);

test("a Deployment with a hostname in a zone and a policy that exists holds it", () => {
  expect(claim(shop)).toEqual({
    kind: "held",
    key: "web/shop",
    wish: { hostname: SHOP, policy: "family", service: "http://shop.web.svc:80" },
  });
  expect(claim(deployment("shop", wish("example.org"))).kind).toBe("held");
});

test.each([
  [
    { [annotations.port]: "http" },
    "invalid",
    `${annotations.port} is "http"; expected a port of the Service, 1 to 65535.`,
  ],
  [
    wish("shop.example.net"),
    "invalid",
    "shop.example.net is in no active zone of the account; expected one below example.org, org.example.",
  ],
  [
    wish("notexample.org"),
    "invalid",
    "notexample.org is in no active zone of the account; expected one below example.org, org.example.",
  ],
  [
    wish(SHOP, "famly"),
    "policy",
    'No reusable Access policy is named "famly"; expected one. Nothing is published until there is.',
  ],
])("what cannot be followed says why and what to do (%#)", (given, reason, message) => {
  const asked = deployment("shop", { ...wish(SHOP), ...given });
  expect(claim(asked)).toEqual({ kind: "rejected", rejection: { reason, message } });
});

test("a zone that is not active counts for nothing", () => {
  const world = worldWith({ zones: worldWith().zones.map((zone) => ({ ...zone, status: "pending" })) });
  expect(claim(shop, [], world)).toMatchObject({
    rejection: { message: expect.stringContaining("expected one below a zone, and there is none.") },
  });
});

test("of equally old Deployments the first by name has the hostname, and the other is told who", () => {
  const other = deployment("app", wish(SHOP));
  expect(claim(other, [shop]).kind).toBe("held");
  expect(claim(shop, [other])).toEqual({
    kind: "rejected",
    rejection: {
      reason: "conflict",
      message: `${SHOP} belongs to the Deployment web/app, which is older. Choose another hostname.`,
    },
  });
});

test.each(["Shop.Example.ORG", " shop.example.org"])("a hostname is the same however it is written: %s", (written) => {
  const older = deployment("old", wish(written), 2029);
  expect(claim(shop, [older])).toMatchObject({ rejection: { reason: "conflict" } });
});

test.each(["RemovingRoute", "RemovingZTApp", "RemovingDNS", "Removed"])(
  "a Deployment on its way out (%s) has no route, whatever it asks for by now",
  (phase) => {
    const leaving = deployment("shop", { ...wish(SHOP), [annotations.state]: JSON.stringify({ phase }) });
    expect(claim(leaving)).toEqual({ kind: "none" });
    expect(plan(all, [leaving]).rules).toEqual([last]);
  },
);

test("a message that speaks of removal is no removal", () => {
  const state = JSON.stringify({ phase: "Failed", message: '"phase":"Removed"' });
  expect(claim(deployment("shop", { ...wish(SHOP), [annotations.state]: state })).kind).toBe("held");
});

test("a hostname is held by one who may be published there, and by nobody else", () => {
  const world = worldWith();
  expect(isHeld(SHOP, cacheOf([shop]), world)).toBe(true);
  expect(isHeld(SHOP, cacheOf([deployment("shop", wish(SHOP, "famly"))]), world)).toBe(false);
  expect(isHeld(SHOP, cacheOf([deployment("shop", wish("else.example.org"))]), world)).toBe(false);
});
