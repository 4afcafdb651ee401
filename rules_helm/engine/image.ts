import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./command.ts";

/**
 * The digest of an image: `sha256:...` in a file (what rules_oci calls `<image>.digest`), or a folder with an OCI layout whose index
 * has one entry.
 *
 * @throws {Refusal} when it is neither
 */
export function imageDigest(image: string): string {
  const digest = statSync(image).isDirectory() ? ofLayout(image) : readFileSync(image, "utf8").trim();
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Refusal(
    `${image}: expected a digest (sha256: and 64 digits), received ${JSON.stringify(digest.slice(0, 80))}`,
    ["In images, name the .digest of an image, or the image itself: a folder with an OCI layout."],
  );
}

function ofLayout(folder: string): string {
  const { manifests = [] } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {
    manifests?: { digest: string }[];
  };
  const [only] = manifests;
  if (manifests.length === 1 && only !== undefined) return only.digest;
  throw new Refusal(`${folder}: expected an OCI layout with one image or one index, found ${manifests.length}`, [
    "Name the target of a single image, or of an index of its platforms.",
  ]);
}
