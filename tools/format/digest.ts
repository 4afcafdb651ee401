import { hash } from "node:crypto";

/** 128 bits of SHA-256 over the parts in their order, as 22 characters of base64url. No two lists of parts share a text. */
export function digest(...parts: readonly string[]): string {
  return contentDigest(parts.map((part) => `${part.length}:${part}`).join(""));
}

/** 128 bits of SHA-256 over the bytes of a file, as 22 characters of base64url. */
export function contentDigest(content: Uint8Array | string): string {
  return hash("sha256", content, "buffer").toString("base64url", 0, 16);
}
