import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, temporaryFolder } from "#lib/testing/process.ts";
import { bundledCrds, GOOD, tools } from "./fixture.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await file("good/web.yaml", GOOD);
});
afterAll(() => folder.remove());

async function file(name: string, text: string): Promise<string> {
  await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
  await writeFile(path.join(folder.path, name), text);
  return name;
}

function environment(): NodeJS.ProcessEnv {
  const { engine, kubeconform, schemas } = tools();
  return {
    ...process.env,
    RULES_HELM_ENGINE: engine,
    KUBECONFORM_BIN: kubeconform,
    KUBERNETES_SCHEMAS: schemas,
    KUBERNETES_CRDS: bundledCrds(),
    BUILD_WORKING_DIRECTORY: folder.path,
  };
}

function run(...args: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.resolve("tools/kubernetes/main.ts"), ...args],
      { env: environment() },
      (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}

test("help says what is checked, what may be given and what the status means", async () => {
  const { status, stdout } = await run("--help");
  expect(status).toBe(0);
  for (const part of ["--crds", "--no-server", "rules-helm/allow.", "status: 0 no findings"])
    expect(stdout).toContain(part);
});

test("good manifests give status 0, progress on stderr and a summary on stdout", async () => {
  const { status, stdout, stderr } = await run("good");
  expect(stdout).toBe("1 file, 3 resources: no findings\n");
  expect(stderr).toContain("validate: applying 3 resources without keeping them");
  expect(status).toBe(0);
});

test("findings give status 1 and paths as the caller wrote them", async () => {
  await file("bad/deep/web.yml", GOOD.replace("web:1.4.0", "web:latest"));
  const { status, stdout } = await run("--no-server", "bad");
  expect(stdout).toContain("bad/deep/web.yml:19: Deployment web, container web, [image]");
  expect(stdout).toContain("1 file, 3 resources: 1 finding\n");
  expect(status).toBe(1);
});

test.each([
  [["absent"], "validate: absent does not exist\n  expected: a folder with manifests, or a manifest file"],
  [["empty"], "validate: empty holds no manifests\n  expected: files that end in .yaml, .yml or .json"],
  [
    ["charts"],
    "validate: charts/web is a Helm chart: it holds Chart.yaml\n  expected: manifests as a cluster is sent them",
  ],
  [["comments"], "validate: comments: no resource in 1 file"],
  [[], "validate: expected at least one folder or file with manifests; see --help"],
  [["--fast", "good"], "validate: Unknown option '--fast'"],
  [["--crds", "absent", "good"], "validate: absent does not exist"],
  [["--crds", "good", "good"], "validate: good/web.yaml:1\n  expected: CustomResourceDefinitions"],
  [["--no-server", "--only-server", "good"], "leave nothing to do"],
])("%j could not run: status 2 and what was expected", async (args, message) => {
  await mkdir(path.join(folder.path, "empty"), { recursive: true });
  await file("charts/web/Chart.yaml", "name: web\n");
  await file("comments/x.yaml", "# nothing\n---\n");
  const { status, stderr, stdout } = await run(...args);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test.each([
  ["broken.yaml", "a: [1\nb: 2\n", "broken.yaml:2: [yaml]\n  is        Flow sequence in block collection must be"],
  ["values.yaml", "replicas: 2\n", "values.yaml:1: [resource]\n  is        a document without apiVersion and kind"],
  ["text.yaml", "hello\n", "text.yaml:1: [resource]\n  is        a document that is a string"],
  ["kind.yaml", "apiVersion: v1\nmetadata: {}\n", "kind.yaml:1: [resource]\n  is        a document without kind"],
  [
    "template.yaml",
    "kind: Service\n{{- if .Values.web }}\na: {{ .b }}\n{{- end }}\n",
    "template.yaml:2: [yaml]\n  is        a Helm template that was not rendered: {{- if .Values.web }}",
  ],
])("%s is a finding with its line", async (name, text, message) => {
  const { status, stdout } = await run("--no-server", await file(`one/${name}`, text));
  expect(stdout).toContain(`one/${message}`);
  expect(status).toBe(1);
});

test("several documents, empty ones, Windows line ends and Lists are read one by one", async () => {
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
  const list =
    "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: c }\n    dat: {}\n";
  await file("many.yaml", `---\n${map("a")}---\n---\n# none\n---\n${map("b")}---\n${list}`.replaceAll("\n", "\r\n"));
  const { stdout } = await run("--no-server", "many.yaml");
  expect(stdout).toContain(
    "many.yaml:19: ConfigMap c, [schema]\n  is        the resource has a field that this kind does not know: 'dat'",
  );
  expect(stdout).toContain("1 file, 3 resources: 1 finding");
});

test("being interrupted leaves no server behind", async () => {
  const child = spawn(process.execPath, [path.resolve("tools/kubernetes/main.ts"), "--only-server", "good"], {
    env: environment(),
    detached: true,
    stdio: "ignore",
  });
  await eventually("both servers run", () => groupSize(child.pid!) === 3);
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(143);
  await eventually("the process group is empty", () => groupSize(child.pid!) === 0);
});

/** How many processes a process group has, this machine being a Linux. */
function groupSize(group: number): number {
  const stats = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => processStat(pid));
  return stats.filter(([state, , member]) => state !== "Z" && member === String(group)).length;
}

/** State, parent and group, which stand behind the program's name in brackets. */
function processStat(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  } catch {
    return [];
  }
}
