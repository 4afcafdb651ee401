/** A Deployment of usual size, as `kubectl apply` would send it. */
export function deployment(index: number): { readonly metadata: object; readonly spec: object } {
  const app = `application-${index}`;
  const labels = { "app.kubernetes.io/name": app, "app.kubernetes.io/part-of": "bench" };
  return {
    metadata: {
      labels,
      annotations: { "cloudflare.ingress.hostname": `${app}.example.org`, "cloudflare.zero-trust.policy": "friends" },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { "app.kubernetes.io/name": app } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "main",
              image: `registry.example.org/${app}:1.${index}.0`,
              ports: [{ name: "http", containerPort: 8080 }],
              env: [{ name: "LOG_LEVEL", value: "info" }],
              resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "128Mi" } },
            },
          ],
        },
      },
    },
  };
}

/** The place of the numbered Deployment. */
export const placeOf = (index: number) => ({ namespace: "default", name: `application-${index}` });
