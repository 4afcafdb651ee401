import { readFile, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type SiteFile, siteFiles } from "../assets/files.ts";
import { type Command, Refusal } from "../command.ts";
import { parseHeaders } from "../rules/headers.ts";
import { type Policy, basePolicy, extend, inlineSources, policyText } from "./policy.ts";

/** The parameters of `security-headers`. */
export interface SecurityHeadersParams {
  readonly label: string;
  readonly site: string;
  /** Sources that the policy also allows. */
  readonly csp: Policy;
  /** Seconds that a browser remembers to use HTTPS. */
  readonly hstsSeconds: number;
  /** Features of browsers that the page may use, such as `geolocation`. */
  readonly permissions: readonly string[];
  /** More lines, as in `_headers`. */
  readonly extra: readonly string[];
  readonly out: string;
}

/** Names with a hash of their content: what is behind such a name never changes. */
const hashed = /[-.][A-Z0-9]{8}\.[a-z0-9.]+$|[-.][0-9a-f]{8,}\.[a-z0-9.]+$/;
const features = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "payment",
  "usb",
];

/** Writes a `_headers` file for a site. */
export const securityHeaders: Command<SecurityHeadersParams> = async (params) => {
  const { label, site, out, extra } = params;
  const files = siteFiles("worker", site);
  const pages = await Promise.all(
    files.filter(({ path }) => path.endsWith(".html")).map(({ path }) => readFile(join(site, path), "utf8")),
  );
  const text = headersText(params, pages, files);
  const { faults } = parseHeaders(text);
  if (faults.length > 0) {
    const lines = faults.map(({ line, message }) => `line ${line}: ${message}`);
    throw new Refusal(`${label}: the headers would not be taken as they are`, [
      ...lines,
      ...(extra.length > 0 ? ["Check the attribute extra."] : []),
    ]);
  }
  await writeFile(out, text);
  return 0;
};

/** The `_headers` file of a site with these pages and files. */
export function headersText(
  {
    csp,
    hstsSeconds,
    permissions,
    extra,
  }: Pick<SecurityHeadersParams, "csp" | "hstsSeconds" | "permissions" | "extra">,
  pages: readonly string[],
  files: readonly SiteFile[],
): string {
  const policy = pages.map(inlineSources).reduce(extend, extend(basePolicy, csp));
  const allowed = [...new Set([...features, ...permissions])].sort();
  return [
    "/*",
    `  Content-Security-Policy: ${policyText(policy)}`,
    `  Strict-Transport-Security: max-age=${hstsSeconds}; includeSubDomains`,
    "  X-Content-Type-Options: nosniff",
    "  Referrer-Policy: strict-origin-when-cross-origin",
    "  Cross-Origin-Opener-Policy: same-origin",
    `  Permissions-Policy: ${allowed.map((one) => `${one}=${permissions.includes(one) ? "(self)" : "()"}`).join(", ")}`,
    ...immutable(files).flatMap((path) => ["", path, "  Cache-Control: public, max-age=31536000, immutable"]),
    ...(extra.length > 0 ? ["", ...extra] : []),
    "",
  ].join("\n");
}

/** Paths that may be kept for ever: a folder where all names have hashes, else each such file. */
export function immutable(files: readonly SiteFile[]): readonly string[] {
  const folders = Map.groupBy(files, ({ path }) => posix.dirname(path));
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([folder, inside]) => {
      const names = inside.filter(({ path }) => isHashed(path));
      const whole =
        names.length === inside.length &&
        folder !== "." &&
        ![...folders.keys()].some((other) => other.startsWith(`${folder}/`));
      return whole ? [`/${folder}/*`] : names.map(({ path }) => `/${path}`);
    });
}

function isHashed(path: string): boolean {
  return hashed.test(posix.basename(path).replace(/\.map$/, ""));
}
