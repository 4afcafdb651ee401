import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { Refusal } from "../command.ts";
import { check, type CheckParams } from "./check.ts";

const POD = "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: c, image: x:1 }] }\n";

async function checked(text: string, more: Partial<CheckParams> = {}): Promise<{ status: number; said: string }> {
  const folder = await mkdtemp(path.join(process.env["TEST_TMPDIR"] ?? tmpdir(), "check-"));
  const file = path.join(folder, "x.yaml");
  const params: CheckParams = {
    label: "//a:b",
    manifests: [folder],
    kubeconform: null,
    schemas: [],
    origin: "//a:schemas",
    crds: [],
    hardening: true,
    allow: {},
    report: null,
    ...more,
  };
  try {
    await writeFile(file, text);
    let said = "";
    const status = await check(params, { args: [], env: process.env, say: (part) => void (said += part) });
    return { status, said: said.replaceAll(`${folder}/`, "") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("findings give status 1 and end with a count", async () => {
  const { status, said } = await checked(POD);
  assert.equal(status, 1);
  assert.match(said, /^x\.yaml:1: Pod a, \[network-policy\]\n {2}is {8}no NetworkPolicy/);
  assert.match(said, /\n\/\/a:b: 1 file, 1 resource: 7 findings\n$/);
});

test("no findings give status 0", async () => {
  assert.deepEqual(await checked(POD, { hardening: false }), {
    status: 0,
    said: "//a:b: 1 file, 1 resource: no findings\n",
  });
});

test("manifests without a resource are refused, since a check of nothing would pass", async () => {
  await assert.rejects(checked("# nothing\n"), (error) => {
    assert.ok(error instanceof Refusal);
    assert.match(error.message, /no resource in 1 file\n {2}expected: at least one/);
    return true;
  });
});

test("a kubeconform that cannot run is a fault and not a pass", async () => {
  await assert.rejects(checked(POD, { kubeconform: "/nonexistent/kubeconform" }), /kubeconform could not run/);
});

test("definitions that are something else are refused by file and line", async () => {
  await assert.rejects(
    checked(POD, { crds: [import.meta.filename] }),
    /check\.test\.ts:\d+\n {2}expected: CustomResourceDefinitions/,
  );
});
