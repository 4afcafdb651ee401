import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { manifestsUpdate, type UpdateParams } from "./commands.ts";

interface Checkout {
  readonly root: string;
  readonly update: (...args: string[]) => { status: unknown; said: string };
}

async function checkout(context: TestContext, committed: Record<string, string>): Promise<Checkout> {
  const root = mkdtempSync(join(process.env["TEST_TMPDIR"] ?? tmpdir(), "update-"));
  context.after(() => rmSync(root, { recursive: true }));
  const files = { ...committed, "out/tree/service-api.yaml": "service", "out/application.yaml": "application" };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const app = {
    label: "//charts/api:production",
    overlay: "production",
    app: "api",
    manifests: join(root, "out/tree"),
    application: join(root, "out/application.yaml"),
  };
  const params: UpdateParams = { label: "//m:m.update", folder: "m", mend: "bazel run //m:m.update", apps: [app] };
  const update = (...args: string[]): { status: unknown; said: string } => {
    let said = "";
    const env = { BUILD_WORKSPACE_DIRECTORY: root };
    const status = manifestsUpdate(params, { args, env, say: (text) => void (said += text) });
    return { status, said };
  };
  return { root, update };
}

test("what is rendered is written, orphans go, and a second run has nothing to do", async (context) => {
  const { root, update } = await checkout(context, {
    "m/BUILD.bazel": "mine",
    "m/production/api/service-api.yaml": "old",
    "m/production/gone/x.yaml": "x",
  });
  assert.deepEqual(update(), { status: 0, said: "manifests: 2 written, 1 deleted, 0 unchanged\n" });
  assert.equal(readFileSync(join(root, "m/production/applications/api.yaml"), "utf8"), "application");
  assert.equal(existsSync(join(root, "m/production/gone")), false);
  assert.equal(readFileSync(join(root, "m/BUILD.bazel"), "utf8"), "mine");
  assert.deepEqual(update(), { status: 0, said: "manifests: 2 files are what is rendered\n" });
});

test("--check changes nothing, lists what differs and says how to mend it", async (context) => {
  const { root, update } = await checkout(context, { "m/production/api/service-api.yaml": "old" });
  assert.deepEqual(update("--check"), {
    status: 1,
    said: [
      "  stale    m/production/api/service-api.yaml",
      "  missing  m/production/applications/api.yaml",
      "manifests: 2 of 2 files differ; mend with bazel run //m:m.update\n",
    ].join("\n"),
  });
  assert.equal(readFileSync(join(root, "m/production/api/service-api.yaml"), "utf8"), "old");
});

test("--check passes when nothing differs", async (context) => {
  const { update } = await checkout(context, {});
  update();
  assert.equal(update("--check").status, 0);
});

test("a file that is no manifest is left, and named", async (context) => {
  const { root, update } = await checkout(context, { "m/production/api/notes.txt": "mine" });
  assert.throws(
    () => update(),
    /these files are no manifests; move or delete them\n {2}m\/production\/api\/notes\.txt/,
  );
  assert.equal(existsSync(join(root, "m/production/api/notes.txt")), true);
});

test("an argument that it does not know is refused", async (context) => {
  const { update } = await checkout(context, {});
  assert.throws(() => update("--force"), /expected --check or nothing, received --force/);
});
