import { expect, test } from "vitest";
import { makePlan, type PlanInput } from "#tools/up/plan.ts";
import { platform } from "#tools/up/parts.ts";
import { operators } from "./parts.ts";

const names = operators.parts.flatMap((part) => [part.name, ...(part.tools ?? [])]);
const input: PlanInput = {
  set: operators,
  only: [],
  basePort: operators.basePort,
  stateFolder: "/state",
  programs: Object.fromEntries(names.map((name) => [name, `/srv/${name}/main.mjs`])),
  sites: { console: "/sites/console" },
  node: "/node",
  secrets: { s3: { accessKeyId: "id", secretAccessKey: "secret" }, apiKey: "secret-key" },
  baseEnv: { PATH: "/usr/bin" },
};
const planned = (changed: Partial<PlanInput> = {}) => {
  const result = makePlan({ ...input, ...changed });
  if (result.kind === "refused") throw new Error(result.message);
  return result;
};
const envOf = (name: string, changed: Partial<PlanInput> = {}) =>
  planned(changed).parts.find((part) => part.name === name)?.env;

test("the operator finds the cluster and Cloudflare, wherever the ports are", () => {
  expect(envOf("cloudflare-operator", { basePort: 9000 })).toMatchObject({
    KUBECONFIG: "/state/kubernetes/kubeconfig",
    CLOUDFLARE_API_URL: "http://127.0.0.1:9005/client/v4",
    LEASE_NAMESPACE: "default",
  });
  expect(envOf("kubernetes", { basePort: 9000 })).toMatchObject({
    KUBECONFIG: "/state/kubernetes/kubeconfig",
    SERVER_PORT: "9002",
    ETCD_BIN: "/srv/etcd/main.mjs",
  });
  expect(envOf("console")).toMatchObject({ SITE: "/sites/console", OPERATOR_URL: "http://127.0.0.1:8186" });
});

test("Cloudflare and who calls it share a token, which is no argument", () => {
  const { parts } = planned();
  expect(["cloudflare", "cloudflare-operator"].map((name) => envOf(name)?.["CLOUDFLARE_API_TOKEN"])).toEqual([
    "secret-key",
    "secret-key",
  ]);
  expect(parts.flatMap(({ command }) => command).join(" ")).not.toContain("secret");
});

test("--only console brings everything that it shows; people with kubectl need no operator", () => {
  expect(planned({ only: ["console"] }).parts.map(({ name }) => name)).toEqual([
    "kubernetes",
    "cloudflare",
    "cloudflare-operator",
    "console",
  ]);
  expect(planned({ only: ["kubernetes", "cloudflare"] }).clients?.["KUBECONFIG"]).toBe("/state/kubernetes/kubeconfig");
});

test("it runs beside the platform: no port and no state folder is both's", () => {
  const portsOf = (set: typeof platform) =>
    set.parts.flatMap(({ ports }) => Object.values(ports).map((offset) => set.basePort + offset));
  const all = [...portsOf(operators), ...portsOf(platform)];
  expect(new Set(all).size).toBe(all.length);
  expect(operators.stateFolder).not.toBe(platform.stateFolder);
});
