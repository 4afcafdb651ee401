import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, freePort, type Program, startProgram, temporaryFolder, toolPath } from "#lib/testing/process.ts";
import { containerOf, podOf, probePaths, startPod } from "./pod.ts";
import { renderChart } from "./render.ts";

const secrets = {
  "nats-auth": { "auth.conf": 'users = [{ user: "trips", password: "p4ss" }]\n' },
  "images-s3": { "access-key-id": "key", "secret-access-key": "secret" },
  "trips-api-keys": { "api-keys": "k3y\n" },
  "trips-nats": { user: "trips", password: "p4ss" },
  "trips-s3": { "access-key-id": "key", "secret-access-key": "secret" },
};
const programs: Program[] = [];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let natsPort = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  natsPort = await freePort();
});
afterAll(async () => {
  for (const program of programs) await program.stop("SIGKILL");
  await folder.remove();
});

const statusOf = async (url: string) => (await fetch(url)).status;

/** Waits until a URL answers 200; fails with what the program wrote. */
async function answers(program: Program, url: string): Promise<void> {
  await eventually(`${url} answers 200`, async () => (await statusOf(url)) === 200).catch((cause) => {
    throw new Error(`The program wrote:\n${program.output()}`, { cause });
  });
}

/** Renders the chart for production and prepares its pod; the paths that the program sees lie below `root`. */
async function prepare(chart: string, kind: string) {
  const resources = await renderChart(`charts/${chart}`, { overlay: "production" });
  const workload = resources.get(`${kind}/${chart}`);
  const root = path.join(folder.path, chart);
  const env = await startPod(workload, root, { secrets, resources });
  return { workload, root, env };
}

/** Starts a bundle of ours, which has to know every variable, with the environment of its pod, but on a free port of the loopback. */
async function startService(
  main: string,
  pod: Awaited<ReturnType<typeof prepare>>,
  changes: Record<string, string>,
  args: readonly string[] = [],
) {
  const container = containerOf(pod.workload);
  const declared = container.ports.find(({ name }) => name === "http")?.containerPort;
  expect([pod.env["HOST"], pod.env["PORT"]]).toEqual(["0.0.0.0", String(declared)]);
  const bundled = await readFile(process.env[main] ?? "", "utf8");
  const unread = Object.keys(pod.env).filter((name) => !bundled.includes(name.replace(/_FILE$/, "")));
  expect(unread.filter((name) => !/^NATS_(USER|PASSWORD)$/.test(name))).toEqual([]);
  const port = await freePort();
  const env = { ...process.env, ...pod.env, ...changes, HOST: "127.0.0.1", PORT: String(port) };
  const program = startProgram(process.execPath, [process.env[main] ?? "", ...args], { env });
  programs.push(program);
  const url = `http://127.0.0.1:${port}`;
  const paths = probePaths(container);
  return { program, url, paths, graceMs: podOf(pod.workload).terminationGracePeriodSeconds * 1000 };
}

const local = (url: string | undefined, port: number) => (url ?? "").replace(/[^/@]+$/, `127.0.0.1:${port}`);

test("nats-server takes the rendered configuration with the users of the Secret, and answers all probes", async () => {
  const { workload, root, env } = await prepare("nats", "StatefulSet");
  const monitor = await freePort();
  const conf = path.join(root, "etc/nats/nats.conf");
  const text = (await readFile(conf, "utf8"))
    .replace("port: 4222", `port: ${natsPort}`)
    .replace("http_port: 8222", `http_port: ${monitor}`)
    .replaceAll(/"\/(data|tmp\/nats.pid)"/g, (_whole, place: string) => JSON.stringify(path.join(root, place)));
  await mkdir(path.join(root, "tmp"), { recursive: true });
  await writeFile(conf, text);
  expect(containerOf(workload).args).toEqual(["--config", "/etc/nats/nats.conf"]);
  const program = startProgram(toolPath("NATS_SERVER_BIN"), ["--config", conf], { env });
  programs.push(program);
  const paths = probePaths(containerOf(workload));
  expect(paths).toHaveLength(3);
  for (const probe of paths) await answers(program, `http://127.0.0.1:${monitor}${probe}`);
});

test("nats-server takes the configuration of a cluster of three with TLS", async () => {
  const values = { workload: { replicas: 3 }, tls: { existingSecret: "nats-tls" } };
  const resources = await renderChart("charts/nats", { values });
  const text = resources.get("ConfigMap/nats")?.data?.["nats.conf"] ?? "";
  expect(text.match(/nats:\/\/nats-[012]\.nats-headless\.testing\.svc:6222/g)).toHaveLength(3);
  const conf = path.join(folder.path, "cluster.conf");
  await writeFile(conf, text.replace(/tls \{[^}]*\}/, ""));
  const checked = await promisify(execFile)(toolPath("NATS_SERVER_BIN"), ["-t", "--config", conf], {
    env: { POD_NAME: "nats-0" },
  });
  expect(checked.stderr).toContain("is valid");
  expect(text).toMatch(/tls \{\s+cert_file: "\/etc\/nats-tls\/tls.crt"\s+key_file: "\/etc\/nats-tls\/tls.key"/);
});

test("trips-api starts with what its chart gives it, logs in to that server, is ready, and ends in time", async () => {
  const pod = await prepare("trips-api", "Deployment");
  expect(pod.env["NATS_URL"]).toBe("nats://trips:p4ss@nats.nats.svc:4222");
  const service = await startService("TRIPS_API_MAIN", pod, { NATS_URL: local(pod.env["NATS_URL"], natsPort) });
  for (const probe of service.paths) await answers(service.program, service.url + probe);
  const shares = (key: string) =>
    fetch(`${service.url}/api/shares`, { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
  expect([await shares("k3y"), await shares("wrong")]).toEqual([200, 401]);
  const before = Date.now();
  expect(await service.program.stop()).toBe(0);
  expect(Date.now() - before).toBeLessThan(service.graceMs);
});

test("trips-capture starts with what its chart gives it and lives, though the camera is away", async () => {
  const pod = await prepare("trips-capture", "StatefulSet");
  const service = await startService("TRIPS_CAPTURE_MAIN", pod, {
    NATS_URL: local(pod.env["NATS_URL"], natsPort),
    CAMERA: `http://127.0.0.1:${await freePort()}`,
    S3_ENDPOINT: local(pod.env["S3_ENDPOINT"], await freePort()),
  });
  await answers(service.program, `${service.url}/healthz`);
  expect(await statusOf(`${service.url}/readyz`)).toBe(503);
  expect(service.paths).toEqual(["/readyz", "/healthz"]);
  expect(await readFile(path.join(pod.root, "data/queue.sqlite"))).not.toHaveLength(0);
  expect(await service.program.stop()).toBe(0);
});

test("trips-publish starts with what its chart gives it, and its journal lies in the volume, where no pictures are looked for", async () => {
  const pod = await prepare("trips-publish", "StatefulSet");
  const args = containerOf(pod.workload).args!.map((arg) => (arg === "/data" ? path.join(pod.root, arg) : arg));
  const changes = {
    NATS_URL: local(pod.env["NATS_URL"], natsPort),
    S3_ENDPOINT: local(pod.env["S3_ENDPOINT"], await freePort()),
  };
  const service = await startService("TRIPS_PUBLISH_MAIN", pod, changes, args);
  await answers(service.program, `${service.url}/healthz`);
  expect(service.paths).toEqual(["/readyz", "/healthz"]);
  await eventually("only the store is missing", async () => {
    const { waiting } = (await (await fetch(`${service.url}/readyz`)).json()) as { waiting: object };
    return Object.keys(waiting).join() === "s3";
  });
  expect(await readFile(path.join(pod.root, "data/.journal/journal.sqlite"))).not.toHaveLength(0);
  expect(await service.program.stop()).toBe(0);
});

test("images starts with what its chart gives it and lives, though the store is away", async () => {
  const pod = await prepare("images", "Deployment");
  const changes = { S3_ENDPOINT: local(pod.env["S3_ENDPOINT"], await freePort()) };
  const service = await startService("IMAGES_MAIN", pod, changes);
  await answers(service.program, `${service.url}/healthz`);
  expect(await statusOf(`${service.url}/readyz`)).toBe(503);
  expect(await service.program.stop()).toBe(0);
});

test("trips-site starts with what its chart gives it and serves the site of its image", async () => {
  const pod = await prepare("trips-site", "Deployment");
  const [system] = JSON.parse(pod.env["SYSTEMS"] ?? "[]") as [Record<string, string>];
  expect(system["site"]).toBe("/app/sites/trips"); // where //sites/trips:image has it
  const systems = JSON.stringify([{ ...system, site: path.resolve(process.env["SITE_DIST"] ?? "") }]);
  const service = await startService("FRONT_DOOR_MAIN", pod, { SYSTEMS: systems });
  for (const probe of [...service.paths, "/trips/", "/trips/basemap.pmtiles"])
    await answers(service.program, service.url + probe);
  expect(await service.program.stop()).toBe(0);
});

test("trips-capture is refused a spool that its volume cannot hold, and is given the camera's user only as a Secret", async () => {
  const values = { spool: { maxMB: 2000 }, storage: { size: "2Gi" } };
  await expect(renderChart("charts/trips-capture", { values })).rejects.toThrow(
    /2512 MB together, and storage.size is 2Gi/,
  );
  const camera = { at: "https://10.0.0.9", existingSecret: "gopro" };
  const resources = await renderChart("charts/trips-capture", { values: { camera } });
  const container = containerOf(resources.get("StatefulSet/trips-capture"));
  expect(container.env.find(({ name }) => name === "CAMERA_USER")?.valueFrom).toEqual({
    secretKeyRef: { name: "gopro", key: "user" },
  });
  expect(container.env.find(({ name }) => name === "CAMERA_PASSWORD_FILE")?.value).toBe("/run/secrets/camera/password");
});
