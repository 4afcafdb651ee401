import { createHash } from "node:crypto";
import { Refusal } from "../engine/command.ts";

/** Where things come from; all of it can be set by the environment. */
export interface Origins {
  /** Of rule packs and of the Pro engine (`SEMGREP_URL`). */
  readonly semgrep: string;
  /** Of advisories (`OSV_URL`). */
  readonly osv: string;
  /** For the Pro engine (`SEMGREP_APP_TOKEN`); empty without one. */
  readonly token: string;
}

const PATIENCE_MS = 600_000;

/** Platforms of the Pro engine, and their names at its API. */
const PLATFORMS: Readonly<Record<string, string>> = {
  darwin_arm64: "osx-arm64",
  linux_amd64: "manylinux-x86",
  linux_arm64: "manylinux-arm64",
};

/** The origins that an environment names; the public ones where it names none. */
export function originsOf(env: Readonly<Record<string, string | undefined>>): Origins {
  return {
    semgrep: withoutSlash(env["SEMGREP_URL"] || "https://semgrep.dev"),
    osv: withoutSlash(env["OSV_URL"] || "https://osv-vulnerabilities.storage.googleapis.com"),
    token: env["SEMGREP_APP_TOKEN"] ?? "",
  };
}

/** The address of a rule pack. */
export function packAddress(source: string, { semgrep }: Origins): string {
  return isAddress(source) ? source : `${semgrep}/c/${source}`;
}

/** The address of the records of an ecosystem, in one zip. */
export function advisoriesAddress(source: string, { osv }: Origins): string {
  return isAddress(source) ? source : `${osv}/${encodeURIComponent(source)}/all.zip`;
}

/** Fetches something whole. @throws Refusal with the address and what came */
export async function fetchBytes(address: string, what: string): Promise<Uint8Array> {
  return bytesOf(await get(address, what), address, what);
}

/** The digest of the Pro engine of a version for a platform, from the API itself. @throws Refusal */
export async function proDigest(platform: string, version: string, { semgrep, token }: Origins): Promise<string> {
  const what = `the Pro engine ${version} for ${platform}`;
  const name = PLATFORMS[platform];
  if (name === undefined) {
    throw new Refusal(`${what}: there is none`, [`It is published for ${Object.keys(PLATFORMS).join(", ")}.`]);
  }
  if (!semgrep.startsWith("https://") && !/^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/.test(semgrep)) {
    throw new Refusal(`${what}: SEMGREP_URL is ${semgrep}`, ["Expected https://: a token is not sent in clear text."]);
  }
  const address = `${semgrep}/api/agent/deployments/deepbinary/${name}?version=${version}`;
  // A redirection to another host is followed without the token: fetch sees to that.
  const response = await get(address, what, { Authorization: `Bearer ${token}` });
  return digestOf(await bytesOf(response, address, what));
}

/** `sha256:...` of bytes. */
export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function get(address: string, what: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const response = await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => {
    const { cause } = error as { cause?: Error };
    throw new Refusal(`${what}: no answer`, [`${address}: ${cause?.message ?? error.message}`, "Check the network."]);
  });
  if (response.ok) return response;
  throw new Refusal(`${what}: it was not given`, [
    `${address}: status ${response.status} ${response.statusText}`.trimEnd(),
    response.status === 401 || response.status === 403
      ? "Check SEMGREP_APP_TOKEN, and what it is entitled to."
      : "Check the source in the lock.",
  ]);
}

async function bytesOf(response: Response, address: string, what: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const { cause } = error as { cause?: Error };
    throw new Refusal(`${what}: the answer ended early`, [
      `${address}: ${cause?.message ?? (error as Error).message}`,
      "Run it again.",
    ]);
  }
}

function isAddress(source: string): boolean {
  return /^https?:\/\//.test(source);
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
