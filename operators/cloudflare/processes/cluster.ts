import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { type HttpServer, httpServer } from "#lib/operator/http-api.ts";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { eventually } from "#lib/testing/process.ts";

/** The namespace, and the name of all that the chart makes. */
export const OPERATOR = "cloudflare-operator";

/** One rule of a Role or a ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What is read of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

/** A verb on a kind of object, in all namespaces or on a name in the operator's own. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
}

/** A control plane with the rights that the operator's manifests give. */
export interface Cluster {
  readonly plane: Kubernetes;
  readonly manifests: readonly Manifest[];
  /** A token of the operator's ServiceAccount. */
  readonly token: string;
  /** The API server as an administrator reaches it, and as the operator's account does. */
  readonly administrator: HttpServer;
  readonly operator: HttpServer;
  /** Writes a manifest, all fields of it: a Role with fewer rules then gives fewer rights. @throws Error when the server refuses */
  apply(manifest: Manifest): Promise<void>;
  /** Waits until the operator's account has a right, or has it not: roles take a moment to count. */
  untilAllowed(right: Right, allowed: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Of the manifests, what gives rights and takes them. */
const RIGHTS = /^(ServiceAccount|(Cluster)?Role(Binding)?|ValidatingAdmissionPolicy(Binding)?)$/;

/** Starts a control plane, and applies of the manifests in a folder what gives rights and takes them. */
export async function startCluster(folder: string): Promise<Cluster> {
  const plane = await startKubernetes();
  const post = async <T>(target: string, body: object): Promise<T> => {
    const answer = await plane.request("POST", target, { type: "application/json", text: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`POST ${target} was answered with ${answer.status}: ${answer.body}`);
    // nosemgrep: unchecked-json-cast -- the real API server answers, and a test fails that gets something else
    return JSON.parse(answer.body) as T;
  };
  const apply = async (manifest: Manifest): Promise<void> => {
    const type = "application/apply-patch+yaml";
    const target = `${pathOf(manifest)}?fieldManager=test&force=true`;
    const answer = await plane.request("PATCH", target, { type, text: stringify(manifest) });
    if (answer.status >= 300) throw new Error(`PATCH ${target} was answered with ${answer.status}: ${answer.body}`);
  };
  try {
    await post("/api/v1/namespaces", { metadata: { name: OPERATOR } });
    const manifests = (await read(folder)).filter(({ kind }) => RIGHTS.test(kind));
    for (const manifest of manifests) await apply(manifest);
    const account = `/api/v1/namespaces/${OPERATOR}/serviceaccounts/${OPERATOR}`;
    const { status } = await post<{ status: { token: string } }>(`${account}/token`, { spec: {} });
    const administrator = httpServer(kubeConfig(plane));
    const operator = httpServer(kubeConfig({ ...plane, token: status.token }));
    return {
      plane,
      manifests,
      token: status.token,
      administrator,
      operator,
      apply,
      untilAllowed: async (right, allowed) => {
        const user = `system:serviceaccount:${OPERATOR}:${OPERATOR}`;
        const spec = { user, resourceAttributes: { ...right, namespace: OPERATOR } };
        await eventually(`${right.verb} ${right.resource} ${allowed ? "is" : "is not"} allowed`, async () => {
          const reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
          return (await post<{ status: { allowed: boolean } }>(reviews, { spec })).status.allowed === allowed;
        });
      },
      close: async () => {
        administrator.close();
        operator.close();
        await plane.close();
      },
    };
  } catch (error) {
    await plane.close();
    throw error;
  }
}

async function read(folder: string): Promise<readonly Manifest[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".yaml"));
  if (files.length === 0) throw new Error(`There are no manifests in ${folder}; expected those of ${OPERATOR}.`);
  return await Promise.all(
    files.map(async (name) => parse(await readFile(path.join(folder, name), "utf8")) as Manifest),
  );
}

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: Manifest): string {
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = `${kind.toLowerCase().replace(/y$/, "ie")}s`;
  return `${base}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${plural}/${name}`;
}
