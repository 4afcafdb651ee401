import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { eventually } from "#lib/testing/process.ts";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { systemClock } from "../clock.ts";
import { widgets } from "./setting.ts";
import { conformance } from "./suite.ts";
import { fakeServer } from "../fake/server.ts";
import { httpServer } from "../http-api.ts";

conformance("the fake server", async () => ({
  server: fakeServer({ clock: systemClock() }),
  close: async () => {},
}));

conformance("kube-apiserver over HTTP", async () => {
  const plane = await startKubernetes();
  await addWidgets(plane);
  const server = httpServer(kubeConfig(plane));
  return {
    server,
    close: async () => {
      server.close();
      await plane.close();
    },
  };
});

async function addWidgets({ request }: Kubernetes): Promise<void> {
  const { group, version, plural, kind } = widgets;
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { plural, kind },
      scope: "Namespaced",
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
  const text = JSON.stringify(definition);
  await request("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", { type: "application/json", text });
  await eventually("the kind is served", async () => {
    return (await request("GET", `/apis/${group}/${version}/${plural}`)).status === 200;
  });
}
