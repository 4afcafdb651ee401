import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Made by the published rules_oci and rules_pkg. A change of what golden holds changes it: then build it in the online lane first. */
const PUBLISHED = "sha256:783a41298febaa57234c9c3b06d373bb146225a48c8abf5617ab010b360e9dfd";

test("an image has the digest that the published rules give it", () => {
  expect(readFileSync(process.env["DIGEST"]!, "utf8").trim()).toBe(PUBLISHED);
});
