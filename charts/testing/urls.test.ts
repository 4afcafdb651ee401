import { beforeAll, expect, test } from "vitest";
import { renderChart, type Resource } from "./render.ts";

const OLD = `photos/ab/${"ab".repeat(32)}.jpg`;
const NEW = "photos/12/12345678-1234-5234-8234-123456789abc.webp";
let nginx = "";
let resources: ReadonlyMap<string, Resource>;

beforeAll(async () => {
  resources = await renderChart("charts/imgproxy-urls", { namespace: "imgproxy" });
  const config = [...resources.values()].find(({ kind }) => kind === "ConfigMap");
  nginx = config?.data?.["default.conf"] ?? "";
});

/** What nginx asks imgproxy for, by the location and the rewrite that its configuration has; null when it goes on with nothing. */
function asked(path: string): string | null {
  const [, location = "(?!)"] = /location ~ "(.+)" \{/.exec(nginx) ?? [];
  const [, pattern = "(?!)", replacement = ""] = /rewrite "(.+)" (\S+) break;/.exec(nginx) ?? [];
  return new RegExp(location).test(path) ? path.replace(new RegExp(pattern), replacement) : null;
}

test("the URLs of services/images become imgproxy's, for keys of both kinds", () => {
  expect(asked(`/thumb/${OLD}`)).toBe(`/plain/thumb/plain/${OLD}`);
  expect(asked(`/display/${NEW}`)).toBe(`/plain/display/plain/${NEW}`);
});

test.each([
  `/original/${OLD}`,
  `/gallery/${OLD}`,
  `/thumb/${OLD}@png`,
  `/thumb/${OLD}/../../secret`,
  "/thumb/photos/ab/x.jpg",
  "/thumb/s3://other/photos/ab.jpg",
  "/thumb/derived/ab.jpg",
  `/plain/thumb/plain/${OLD}`,
])("%s goes nowhere", (path) => {
  expect(asked(path)).toBeNull();
});

test("imgproxy takes that word for a signature, has both presets, and reads keys of its bucket", async () => {
  const spec = [
    ...(await renderChart("charts/imgproxy", { values: { plainSignature: "plain", avif: true } })).values(),
  ];
  const env = JSON.stringify(spec.find(({ kind }) => kind === "Deployment")?.spec);
  for (const [name, value] of [
    ["IMGPROXY_TRUSTED_SIGNATURES", "plain"],
    ["IMGPROXY_BASE_URL", "s3://trips/"],
    ["IMGPROXY_ALLOWED_SOURCES", "s3://"],
    ["IMGPROXY_AUTO_AVIF", "true"],
    ["IMGPROXY_ONLY_PRESETS", "true"],
  ])
    expect(env).toContain(JSON.stringify({ name, value }));
  expect(env).toMatch(/display=rs:fit:1920:1080[^"]*thumb=rs:fit:300:0/);
});

test("without that word imgproxy takes signed URLs only", async () => {
  const spec = [...(await renderChart("charts/imgproxy")).values()];
  expect(JSON.stringify(spec)).not.toContain("TRUSTED_SIGNATURES");
});

test("imgproxy-urls reaches imgproxy and nothing else", () => {
  const policy = resources.get("NetworkPolicy/imgproxy-urls")?.spec as { egress: { ports: { port: number }[] }[] };
  expect(policy.egress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([53, 53, 8080]);
});

test("services/images gives out no originals unless told", async () => {
  const originals = async (values: object) =>
    JSON.stringify((await renderChart("charts/images", { values })).get("Deployment/images")?.spec);
  expect(await originals({})).toContain('{"name":"ORIGINALS","value":"false"}');
  expect(await originals({ originals: true })).toContain('{"name":"ORIGINALS","value":"true"}');
});
