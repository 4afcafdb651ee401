import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** What is rendered, and with what: paths. */
export interface Rendering {
  readonly engine: string;
  readonly helm: string;
  readonly chart: string;
}

/** Milliseconds of each repeat. */
export interface Compared {
  /** The engine's worker, from the request to the response. */
  readonly engine: readonly number[];
  /** Plain `helm template` into a file descriptor, from its start to its end. */
  readonly helm: readonly number[];
}

/**
 * Renders a chart by turns through a warm worker of rules_helm, as an action does, and by `helm template`, so that both see the same load.
 *
 * @throws when either fails
 */
export async function compareRendering({ engine, helm, chart }: Rendering, times: number): Promise<Compared> {
  const folder = mkdtempSync(join(tmpdir(), "bench-render-"));
  const worker = startWorker(engine);
  const out = join(folder, "manifests.yaml");
  try {
    const render = () => worker.request(["render", JSON.stringify(template(resolve(helm), resolve(chart), out))]);
    const plain = () => helmTemplate(helm, chart);
    for (let warm = 0; warm < 5; warm += 1) {
      await render();
      plain();
    }
    if (readFileSync(out, "utf8").trim() === "") throw new Error(`${chart} renders to nothing; name another chart`);
    const measured: { engine: number[]; helm: number[] } = { engine: [], helm: [] };
    for (let turn = 0; turn < times; turn += 1) {
      measured.engine.push(await milliseconds(render));
      measured.helm.push(await milliseconds(plain));
    }
    return measured;
  } finally {
    worker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function milliseconds(what: () => unknown): Promise<number> {
  const start = performance.now();
  await what();
  return performance.now() - start;
}

function template(helm: string, chart: string, out: string): object {
  return {
    ...{ label: "//bench", helm, chart, out, form: "sorted", release: "bench", namespace: "bench" },
    ...{ kubeVersion: "1.36.3", apiVersions: [], includeCrds: true, skipTests: true },
    ...{ values: [], set: {}, setFrom: [], images: [] },
  };
}

function helmTemplate(helm: string, chart: string): void {
  const flags = ["--namespace=bench", "--kube-version=1.36.3", "--include-crds", "--skip-tests"];
  const { status, stderr } = spawnSync(helm, ["template", "bench", chart, ...flags], { maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`helm template failed: ${stderr.toString()}`);
}

interface Worker {
  readonly request: (words: readonly string[]) => Promise<void>;
  readonly stop: () => void;
}

function startWorker(engine: string): Worker {
  // Of a js_binary, execPath is a wrapper that wants its environment; actions run Node itself.
  const node = process.env["JS_BINARY__NODE_BINARY"] ?? process.execPath;
  const child: ChildProcess = spawn(node, [engine, "--persistent_worker"], {
    env: { LC_ALL: "C", TZ: "UTC" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("the worker has no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    request: async (words) => {
      stdin.write(`${JSON.stringify({ arguments: words, requestId: 0 })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the worker ended without a response");
      const { exitCode, output } = JSON.parse(value) as { exitCode: number; output: string };
      if (exitCode !== 0) throw new Error(`the worker answered with status ${exitCode}: ${output}`);
    },
    stop: () => stdin.end(),
  };
}
