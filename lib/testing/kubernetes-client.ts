import { KubeConfig } from "@kubernetes/client-node";
import type { Kubernetes } from "./kubernetes.ts";

/** The client configuration of a control plane's administrator: `kubeConfig(plane).makeApiClient(AppsV1Api)`. */
export function kubeConfig(plane: Kubernetes): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: "test",
        server: plane.server,
        caData: Buffer.from(plane.certificates).toString("base64"),
        skipTLSVerify: false,
      },
    ],
    users: [{ name: "administrator", token: plane.token }],
    contexts: [{ name: "test", cluster: "test", user: "administrator" }],
    currentContext: "test",
  });
  return config;
}
