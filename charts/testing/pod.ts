import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Resource } from "./render.ts";

/** A container, as far as the tests of charts read it. */
export interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly terminationGracePeriodSeconds: number;
  readonly volumes: readonly {
    readonly name: string;
    readonly configMap?: { readonly name: string };
    readonly secret?: { readonly secretName: string; readonly items: readonly { readonly key: string }[] };
  }[];
}

/** The pod of a Deployment or StatefulSet. */
export function podOf(workload: Resource | undefined): PodSpec {
  const spec = workload?.spec as { template?: { spec: PodSpec } } | undefined;
  if (spec?.template === undefined) throw new Error(`There is no pod in ${workload?.kind ?? "what was not rendered"}.`);
  return spec.template.spec;
}

/** The one container of a workload. */
export function containerOf(workload: Resource | undefined): Container {
  const container = podOf(workload).containers[0];
  if (container === undefined) throw new Error("The pod has no container.");
  return container;
}

/** The paths that the kubelet asks, of all probes. */
export function probePaths(container: Container): string[] {
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  return probes.filter((probe) => probe !== undefined).map((probe) => probe.httpGet.path);
}

/**
 * Does for a container what the kubelet does before its start, below a folder instead of the root: writes the files of its
 * volumes and gives its environment, in which paths of mounts lead into the folder.
 * @param given.secrets the Secrets of the cluster; one that is not there, or lacks a key, is an error
 * @param given.resources what the chart rendered to
 */
export async function startPod(
  workload: Resource | undefined,
  root: string,
  given: {
    readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly resources?: ReadonlyMap<string, Resource>;
  },
): Promise<Record<string, string>> {
  const pod = podOf(workload);
  const container = containerOf(workload);
  const secret = (name: string, key: string): string => {
    const value = given.secrets?.[name]?.[key];
    if (value === undefined) throw new Error(`The pod wants ${key} of the Secret ${name}, which is not there.`);
    return value;
  };
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = pod.volumes.find((each) => each.name === name);
    const folder = path.join(root, mountPath);
    await mkdir(folder, { recursive: true });
    const config = volume?.configMap && given.resources?.get(`ConfigMap/${volume.configMap.name}`)?.data;
    for (const [file, text] of Object.entries(config ?? {})) await writeFile(path.join(folder, file), text);
    for (const { key } of volume?.secret?.items ?? [])
      await writeFile(path.join(folder, key), secret(volume!.secret!.secretName, key));
  }
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of container.env) {
    const from = valueFrom?.secretKeyRef;
    const text = from ? secret(from.name, from.key) : (value ?? name);
    const expanded = text.replace(/\$\((\w+)\)/g, (whole, other: string) => env[other] ?? whole);
    const mounted = container.volumeMounts.some(({ mountPath }) => `${expanded}/`.startsWith(`${mountPath}/`));
    env[name] = mounted ? path.join(root, expanded) : expanded;
  }
  return env;
}
