import { expect, test } from "vitest";
import { appName, hashOf, hostnameOfTxt, markText, readMark, tagOf, txtName } from "./marks.ts";

const longest = { owner: "a".repeat(15), hash: hashOf(`${"n".repeat(63)}/${"d".repeat(253)}`) };

test("a mark is read back from all that carries it", () => {
  for (const text of [markText(longest), `"${markText(longest)}"`, appName("shop.example.org", longest)])
    expect(readMark(text)).toEqual(longest);
});

test.each([
  "",
  "cloudflare-operator",
  "cloudflare-operator test/0123",
  "cloudflare-operator Test/0123456789abcdef",
  "xcloudflare-operator test/0123456789abcdef",
  "cloudflare-operator test/0123456789abcdef0",
])("%o holds no mark", (text) => {
  expect(readMark(text)).toBeUndefined();
});

test("marks fit where they stand, however long the names of a Deployment are", () => {
  expect(markText(longest).length).toBeLessThanOrEqual(100);
  expect(tagOf(longest.owner).length).toBeLessThanOrEqual(35);
  for (const label of txtName(`${"a".repeat(63)}.example.org`).split(".")) expect(label.length).toBeLessThanOrEqual(63);
});

test("a Deployment has one hash, and two Deployments have two", () => {
  expect(hashOf("web/shop")).toBe(hashOf("web/shop"));
  expect(hashOf("web/shop")).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf("web/shop")).not.toBe(hashOf("web-shop/shop"));
});

test("a TXT record marks the hostname below which it stands", () => {
  expect(hostnameOfTxt(txtName("shop.example.org"))).toBe("shop.example.org");
  expect(hostnameOfTxt("shop.example.org")).toBeUndefined();
  expect(hostnameOfTxt("_cloudflare-operatorshop.example.org")).toBeUndefined();
});
