import type { ApplicationRequest, ImageUpdate } from "./request.ts";

const prefix = "argocd-image-updater.argoproj.io";
const strategies = ["semver", "newest-build", "digest", "alphabetical"];
const fields = ["image", "strategy", "allow_tags", "keys"];
const keyNames = ["name", "tag", "spec"];

/** Why the image updates of a request cannot work; empty when they can. */
export function refuseImageUpdates(request: ApplicationRequest): readonly string[] {
  const updates = Object.entries(request.imageUpdates);
  if (updates.length === 0) return [];
  if (request.source.kind === "manifests") {
    return [
      'image_updates: Argo CD Image Updater writes values, and an application with source = "manifests" has none that Argo CD reads; use source = "chart", or update the values file in a pull request and render again',
    ];
  }
  if (request.source.valueFiles.length === 0) {
    return [
      "image_updates: expected a values file in `values` that the new tags are written to, received none; add an overlay",
    ];
  }
  if (Object.keys(request.parameters).length > 0) {
    return [
      "image_updates: the digests of `images` would win over the tags that Argo CD Image Updater writes; use one of the two",
    ];
  }
  return updates.flatMap(([alias, update]) => refuseOne(alias, update).map((why) => `image_updates: ${alias}: ${why}`));
}

function refuseOne(alias: string, update: ImageUpdate): string[] {
  const wrong: string[] = [];
  const unknown = Object.keys(update).filter((field) => !fields.includes(field));
  if (unknown.length > 0) wrong.push(`expected the fields ${fields.join(", ")}, received ${unknown.join(", ")}`);
  if (!/^[a-z0-9][-a-z0-9]*$/.test(alias)) wrong.push("expected an alias of lower case letters, digits and -");
  if (!/^[^\s,=]+$/.test(update.image ?? "")) {
    wrong.push(`image: expected an image such as registry.example.org/x/api:~1.2, received "${update.image ?? ""}"`);
  }
  if (update.strategy !== undefined && !strategies.includes(update.strategy)) {
    wrong.push(`strategy: expected ${strategies.join(", ")}, received "${update.strategy}"`);
  }
  if (update.allow_tags !== undefined && !/^(any|regexp:.+)$/.test(update.allow_tags)) {
    wrong.push(`allow_tags: expected "any" or "regexp:<expression>", received "${update.allow_tags}"`);
  }
  const keys = Object.keys(update.keys ?? {});
  const bad = keys.filter((key) => !keyNames.includes(key));
  if (bad.length > 0) wrong.push(`keys: expected name, tag or spec, received ${bad.join(", ")}`);
  if (keys.includes("spec") && keys.length > 1) wrong.push("keys: expected either spec, or name and tag");
  return wrong;
}

/** The annotations by which Argo CD Image Updater commits new tags to the last values file of the application. */
export function imageUpdaterAnnotations(request: ApplicationRequest): Record<string, string> {
  const updates = Object.entries(request.imageUpdates).sort(([a], [b]) => (a < b ? -1 : 1));
  if (updates.length === 0 || request.source.kind === "manifests") return {};
  const { repoUrl, revision, source } = request;
  const annotations: Record<string, string> = {
    [`${prefix}/git-branch`]: revision,
    [`${prefix}/image-list`]: updates.map(([alias, { image }]) => `${alias}=${image}`).join(","),
    [`${prefix}/write-back-method`]: "git",
    [`${prefix}/write-back-target`]: `helmvalues:/${source.valueFiles.at(-1)}`,
  };
  if (source.kind === "registry") annotations[`${prefix}/git-repository`] = repoUrl;
  for (const [alias, { strategy, allow_tags: allowed, keys }] of updates) {
    const said = { "update-strategy": strategy ?? "semver", "allow-tags": allowed, ...helmKeys(keys ?? {}) };
    for (const [name, value] of Object.entries(said)) {
      if (value !== undefined) annotations[`${prefix}/${alias}.${name}`] = value;
    }
  }
  return annotations;
}

function helmKeys({ name, tag, spec }: NonNullable<ImageUpdate["keys"]>): Record<string, string | undefined> {
  if (spec !== undefined) return { "helm.image-spec": spec };
  return { "helm.image-name": name ?? "image.repository", "helm.image-tag": tag ?? "image.tag" };
}
