import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, toolPath } from "#lib/testing/process.ts";

function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

test("another run of the control plane gives the same bytes as the build's", async () => {
  const folder = await temporaryFolder();
  try {
    const tools = { ETCD_BIN: toolPath("ETCD_BIN"), KUBE_APISERVER_BIN: toolPath("KUBE_APISERVER_BIN") };
    execFileSync(process.execPath, [path.resolve("tools/kubernetes/openapi.ts"), folder.path], {
      env: { ...process.env, ...tools },
    });
    const built = contents(toolPath("OPENAPI"));
    expect(Object.keys(built)).toContain("apis_apps_v1.json");
    expect(contents(folder.path)).toEqual(built);
  } finally {
    await folder.remove();
  }
});

test("every kind of the server's stable API has a schema", () => {
  const schemas = readdirSync(toolPath("KUBERNETES_SCHEMAS"), { recursive: true, encoding: "utf8" });
  for (const name of [
    "v1/pod_v1.json",
    "apps/deployment_v1.json",
    "networking.k8s.io/networkpolicy_v1.json",
    "argoproj.io/application_v1alpha1.json",
  ])
    expect(schemas).toContain(name);
});
