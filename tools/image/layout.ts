import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A blob by digest (`sha256:<hex>`) and size in bytes, as manifests name it. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: { os: string; architecture: string };
}

/** An image's configuration, as far as it is read here. */
export interface ImageConfig {
  created: string;
  os: string;
  architecture: string;
  config: {
    User?: string;
    Env?: string[];
    Entrypoint?: string[];
    Cmd?: string[];
    WorkingDir?: string;
    ExposedPorts?: Record<string, object>;
  };
  rootfs: { diff_ids: string[] };
  history: { created_by?: string }[];
}

/** One platform of an index. */
export interface PlatformImage {
  platform: string;
  digest: string;
  config: ImageConfig;
  layers: Descriptor[];
}

/** Where a blob lies in an OCI layout. */
export function blobPath(layout: string, digest: string): string {
  return join(layout, "blobs", ...digest.split(":"));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

/** The only entry of a layout's index.json: the digest that a registry knows the image by. */
export function topDescriptor(layout: string): Descriptor {
  const { manifests } = readJson<{ manifests: Descriptor[] }>(join(layout, "index.json"));
  const [top] = manifests;
  if (!top || manifests.length !== 1)
    throw new Error(
      `${layout}/index.json names ${manifests.length} manifests; expected one, which oci_image_index writes`,
    );
  return top;
}

/** The images of an index, by platform (`linux/amd64`) in alphabetical order. */
export function platformImages(layout: string): PlatformImage[] {
  const { manifests } = readJson<{ manifests: Descriptor[] }>(blobPath(layout, topDescriptor(layout).digest));
  const images = manifests.map(({ digest, platform }) => {
    const manifest = readJson<{ config: Descriptor; layers: Descriptor[] }>(blobPath(layout, digest));
    const config = readJson<ImageConfig>(blobPath(layout, manifest.config.digest));
    return { platform: `${platform?.os}/${platform?.architecture}`, digest, config, layers: manifest.layers };
  });
  return images.sort((a, b) => (a.platform < b.platform ? -1 : 1));
}
