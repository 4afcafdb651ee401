import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { temporaryFolder, toolPath } from "#lib/testing/process.ts";
import type { Options } from "./args.ts";
import { validate } from "./validate.ts";

/** A deployment of two replicas with all that it needs beside it; nothing is found in it. */
export const GOOD = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: web
          image: example.org/web:1.4.0
          ports: [{ name: http, containerPort: 8080 }]
          resources:
            requests: { cpu: 10m, memory: 32Mi }
            limits: { memory: 64Mi }
          livenessProbe: { httpGet: { path: /health, port: http } }
          readinessProbe: { httpGet: { path: /ready, port: http } }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: shop }
spec:
  maxUnavailable: 1
  selector: { matchLabels: { app: web } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  policyTypes: [Ingress, Egress]
  ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]
`;

/** A text with one place changed; throws where the place is not there, so that a test cannot pass by changing nothing. */
export function changed(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`expected "${from}" once in the text`);
  return text.replace(from, to);
}

/** Validates files, given by name and content, with the tools of the environment; names in the result are relative to their folder. */
export async function validated(
  files: Readonly<Record<string, string>>,
  options: Partial<Pick<Options, "server" | "checks">> & { crds?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const folder = await temporaryFolder();
  try {
    const write = async (below: string, all: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(all)) {
        const file = path.join(folder.path, below, name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
      }
      return path.join(folder.path, below);
    };
    const { server = false, checks = true, crds } = options;
    const manifests = [await write("manifests", files)];
    const own = crds ? [await write("crds", crds)] : [];
    const { text } = await validate(
      { help: false, manifests, crds: own, server, checks },
      tools(),
      [bundledCrds()],
      () => {},
    );
    return text.replaceAll(`${manifests[0]}/`, "");
  } finally {
    await folder.remove();
  }
}

/** The tools that the environment names. */
export function tools() {
  return {
    engine: toolPath("RULES_HELM_ENGINE"),
    kubeconform: toolPath("KUBECONFORM_BIN"),
    schemas: toolPath("KUBERNETES_SCHEMAS"),
  };
}

/** The folder with this repository's CustomResourceDefinitions. */
export function bundledCrds(): string {
  return toolPath("KUBERNETES_CRDS");
}
