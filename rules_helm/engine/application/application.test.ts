import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { applicationText } from "./application.ts";
import type { ApplicationRequest } from "./request.ts";

const request: ApplicationRequest = {
  name: "trips-api",
  argocdNamespace: "argocd",
  namespace: "trips",
  releaseName: "trips-api",
  source: { kind: "manifests", path: "manifests/production/trips-api" },
  repoUrl: "https://git.example/homelab.git",
  revision: "main",
  project: "default",
  destination: { server: "https://kubernetes.default.svc" },
  syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] },
  syncWave: "",
  ignoreDifferences: [],
  imageUpdates: {},
  parameters: {},
  kubeVersion: "",
  apiVersions: [],
  cascade: false,
};
const chart = {
  kind: "chart",
  path: "charts/trips-api",
  valueFiles: ["charts/shared.yaml", "charts/trips-api/overlays/production.yaml"],
} as const;
const registry = {
  kind: "registry",
  repository: "oci://registry.example/charts",
  chart: "trips-api",
  version: "1.2.0",
  valueFiles: ["charts/trips-api/overlays/production.yaml"],
} as const;
const updates = { api: { image: "registry.example.org/x/trips-api:~1.2", allow_tags: "regexp:^1\\." } };
const refusal = (change: Partial<ApplicationRequest>): string => {
  try {
    applicationText({ ...request, ...change });
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

test("an application of rendered manifests names their folder, and keys stand in the order in which people read them", () => {
  assert.equal(
    applicationText({ ...request, syncWave: "-1", cascade: true }),
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: trips-api
  namespace: argocd
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
  finalizers:
    - resources-finalizer.argocd.argoproj.io
spec:
  project: default
  source:
    repoURL: https://git.example/homelab.git
    targetRevision: main
    path: manifests/production/trips-api
    directory:
      recurse: true
  destination:
    server: https://kubernetes.default.svc
    namespace: trips
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
`,
  );
});

test("a chart in git has its values files relative to it, or from the root of the repository", () => {
  const { spec } = parse(applicationText({ ...request, source: chart, parameters: { "image.digest": "sha256:ab" } }));
  assert.deepEqual(spec.source, {
    repoURL: "https://git.example/homelab.git",
    targetRevision: "main",
    path: "charts/trips-api",
    helm: {
      releaseName: "trips-api",
      valueFiles: ["/charts/shared.yaml", "overlays/production.yaml"],
      parameters: [{ name: "image.digest", value: "sha256:ab", forceString: true }],
    },
  });
});

test("a chart in a registry has its values in git, as a second source", () => {
  const { spec } = parse(applicationText({ ...request, source: registry, kubeVersion: "1.36.3" }));
  assert.equal(spec.source, undefined);
  assert.deepEqual(spec.sources, [
    {
      repoURL: "registry.example/charts",
      chart: "trips-api",
      targetRevision: "1.2.0",
      helm: {
        releaseName: "trips-api",
        valueFiles: ["$values/charts/trips-api/overlays/production.yaml"],
        kubeVersion: "1.36.3",
      },
    },
    { repoURL: "https://git.example/homelab.git", targetRevision: "main", ref: "values" },
  ]);
});

test("a chart in a registry without values is a single source", () => {
  const { spec } = parse(applicationText({ ...request, source: { ...registry, valueFiles: [] } }));
  assert.equal(spec.sources, undefined);
  assert.equal(spec.source.chart, "trips-api");
});

test("image updates are committed to the last values file of the overlay", () => {
  const { metadata } = parse(applicationText({ ...request, source: chart, imageUpdates: updates }));
  assert.deepEqual(metadata.annotations, {
    "argocd-image-updater.argoproj.io/api.allow-tags": "regexp:^1\\.",
    "argocd-image-updater.argoproj.io/api.helm.image-name": "image.repository",
    "argocd-image-updater.argoproj.io/api.helm.image-tag": "image.tag",
    "argocd-image-updater.argoproj.io/api.update-strategy": "semver",
    "argocd-image-updater.argoproj.io/git-branch": "main",
    "argocd-image-updater.argoproj.io/image-list": "api=registry.example.org/x/trips-api:~1.2",
    "argocd-image-updater.argoproj.io/write-back-method": "git",
    "argocd-image-updater.argoproj.io/write-back-target": "helmvalues:/charts/trips-api/overlays/production.yaml",
  });
});

test("image updates of a chart in a registry say which git repository they are committed to", () => {
  const imageUpdates = { api: { image: "x/api", strategy: "digest", keys: { spec: "image" } } };
  const { metadata } = parse(applicationText({ ...request, source: registry, imageUpdates }));
  const { annotations } = metadata;
  assert.equal(annotations["argocd-image-updater.argoproj.io/git-repository"], "https://git.example/homelab.git");
  assert.equal(annotations["argocd-image-updater.argoproj.io/api.helm.image-spec"], "image");
  assert.equal(annotations["argocd-image-updater.argoproj.io/api.helm.image-tag"], undefined);
});

test("image updates are refused where Argo CD reads no values", () => {
  assert.match(refusal({ imageUpdates: updates }), /image_updates: .*source = "manifests".*use source = "chart"/);
  assert.match(refusal({ source: { ...chart, valueFiles: [] }, imageUpdates: updates }), /expected a values file/);
});

test("image updates are refused where digests of the build would win over them", () => {
  const parameters = { "image.digest": "sha256:ab" };
  assert.match(refusal({ source: chart, imageUpdates: updates, parameters }), /would win over the tags/);
});

test("ignored differences and policies are written in the order in which people read them", () => {
  const text = applicationText({
    ...request,
    syncPolicy: { retry: { limit: 2 }, syncOptions: ["A=b"], automated: {} },
    ignoreDifferences: [{ jsonPointers: ["/spec"], kind: "Deployment", group: "apps" }],
  });
  assert.match(text, /automated: {}\n {4}syncOptions:\n {6}- A=b\n {4}retry:/);
  assert.match(text, /- group: apps\n {6}kind: Deployment\n {6}jsonPointers:/);
});

test("each wrong image update is named", () => {
  const of = (update: object): string =>
    refusal({ source: chart, imageUpdates: { api: { image: "x", ...update } } as never });
  assert.match(of({ image: "" }), /image_updates: api: image: expected an image/);
  assert.match(of({ image: "a,b" }), /expected an image/);
  assert.match(of({ strategy: "latest" }), /expected semver, newest-build, digest, alphabetical, received "latest"/);
  assert.match(of({ allow_tags: "^v1" }), /expected "any" or "regexp:<expression>", received "\^v1"/);
  assert.match(of({ keys: { spec: "image", tag: "t" } }), /either spec, or name and tag/);
  assert.match(of({ keys: { digest: "d" } }), /received digest/);
  assert.match(of({ tags: "x" }), /expected the fields .* received tags/);
});

test("what Argo CD would not take is refused, all at once", () => {
  assert.match(refusal({ destination: {} }), /received neither/);
  assert.match(refusal({ destination: { server: "a", name: "b" } }), /received both/);
  assert.match(refusal({ repoUrl: "" }), /repo_url: .*a macro of your own/);
  assert.match(refusal({ namespace: "Trips" }), /namespace: .*received "Trips"/);
  assert.match(refusal({ syncWave: "first" }), /sync_wave: expected an integer/);
  assert.match(refusal({ source: { ...registry, repository: "registry.example/charts" } }), /oci:\/\/HOST\/PATH/);
  assert.match(refusal({ source: { ...registry, version: "" } }), /chart_version: expected the version/);
  assert.equal(refusal({ name: "Trips API", revision: "" }).split("\n").length, 2);
});

test("a sync policy that does not do what it says is refused", () => {
  const of = (syncPolicy: object): string => refusal({ syncPolicy });
  assert.match(of({ managedNamespaceMetadata: { labels: {} } }), /only with the sync option "CreateNamespace=true"/);
  assert.match(of({ syncOptions: ["CreateNamespace"] }), /expected Name=value/);
  assert.match(of({ automate: {} }), /received "automate"/);
  assert.match(of({ retry: { backoff: { duration: "5 seconds" } } }), /expected a duration/);
  assert.equal(of({}), "accepted");
});

test("an ignored difference has to say what is ignored", () => {
  const of = (entry: object): string => refusal({ ignoreDifferences: [entry as never] });
  assert.match(of({ kind: "Deployment" }), /without one nothing is ignored/);
  assert.match(of({ kind: "Deployment", jsonPointers: ["spec.replicas"] }), /expected a JSON pointer/);
  assert.match(of({ jsonPointers: ["/spec"] }), /expected a kind/);
  assert.equal(of({ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }), "accepted");
});
