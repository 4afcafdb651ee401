import { createHash } from "node:crypto";
import type { Key } from "#lib/operator/object.ts";

/** Says on an object in Cloudflare whose it is: which operator made it, for which Deployment. */
export interface Mark {
  /** The operator's name for itself; two clusters with one account have two. */
  readonly owner: string;
  /** {@link hashOf} the Deployment's key. */
  readonly hash: string;
}

const pattern = /\bcloudflare-operator ([a-z0-9-]{1,30})\/([0-9a-f]{16})\b/;

/** Stands for a Deployment in marks, whatever the length of its name: 64 bits of SHA-256 of `<namespace>/<name>`. */
export function hashOf(key: Key): string {
  let hash = hashes.get(key);
  if (hash === undefined) {
    if (hashes.size >= 50_000) hashes.clear();
    hash = createHash("sha256").update(key).digest("hex").slice(0, 16);
    hashes.set(key, hash);
  }
  return hash;
}
const hashes = new Map<Key, string>();

/** A mark as text, 67 characters at most: a record's comment may have 100 on the free plan. */
export const markText = ({ owner, hash }: Mark): string => `cloudflare-operator ${owner}/${hash}`;

/** The mark that a text holds. */
export function readMark(text: string): Mark | undefined {
  const found = pattern.exec(text);
  return found ? { owner: found[1]!, hash: found[2]! } : undefined;
}

/** The name of an application, which is its mark too. */
export const appName = (hostname: string, mark: Mark): string => `${hostname} (${markText(mark)})`;

/** The tag of all applications of an operator. */
export const tagOf = (owner: string): string => `cloudflare-operator-${owner}`;

/** Where the TXT record stands that marks the records of a hostname. A label of its own: no name grows too long by a prefix. */
export const txtName = (hostname: string): string => `${TXT_LABEL}.${hostname}`;

/** The hostname whose records a TXT record marks. */
export const hostnameOfTxt = (name: string): string | undefined =>
  name.startsWith(`${TXT_LABEL}.`) ? name.slice(TXT_LABEL.length + 1) : undefined;

const TXT_LABEL = "_cloudflare-operator";
