import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import type { Kind } from "../config/check.ts";
import { assetHash } from "./hash.ts";
import type { SiteFile } from "./files.ts";

/** What a deployment consists of: the build output `<name>.manifest.json`. */
export interface Manifest {
  readonly kind: Kind;
  readonly name: string;
  /** Path from `/` to the hash by which Cloudflare knows the file, and its size. */
  readonly files: Readonly<Record<string, { readonly hash: string; readonly bytes: number }>>;
  /** The text of `_headers` and `_redirects`, where there is one. */
  readonly headers?: string;
  readonly redirects?: string;
  /** SHA-256 of the configuration. */
  readonly configuration: string;
  /** SHA-256 of the script of a Worker, where there is one. */
  readonly script?: string;
}

/** Hashes the files of a site. */
export function manifestFiles(folder: string, files: readonly SiteFile[]): Manifest["files"] {
  return Object.fromEntries(
    files.map(({ path, bytes }) => [`/${path}`, { hash: assetHash(path, readFileSync(join(folder, path))), bytes }]),
  );
}

/** The digest of everything that a deployment consists of: equal digests, equal sites. */
export function manifestDigest(manifest: Manifest): string {
  const { kind, name, files, headers, redirects, configuration, script } = manifest;
  const paths = Object.keys(files).sort();
  const content = [
    kind,
    name,
    paths.map((path) => [path, files[path]!.hash]),
    headers ?? null,
    redirects ?? null,
    configuration,
    ...(script === undefined ? [] : [script]),
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
