import { extname } from "node:path";
import { blake3 } from "@noble/hashes/blake3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The name under which Cloudflare stores a file, for Pages and for Workers assets: 32 hexadecimal digits of BLAKE3 over its base64 and its extension. */
export function assetHash(path: string, bytes: Buffer): string {
  return bytesToHex(blake3(utf8ToBytes(bytes.toString("base64") + extname(path).slice(1)))).slice(0, 32);
}
