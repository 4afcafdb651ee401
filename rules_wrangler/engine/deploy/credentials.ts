import { Refusal } from "../command.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Who deploys, and where to. */
export interface Credentials {
  readonly token: string;
  readonly account: string;
  /** Base of the API, without a slash at the end. */
  readonly api: string;
}

/** Where the API is when nobody says otherwise. */
const cloudflare = "https://api.cloudflare.com/client/v4";

/** The API that deployments of this environment go to. */
export function apiOf(env: Env): string {
  return (env["CLOUDFLARE_API_BASE_URL"] || cloudflare).replace(/\/+$/, "");
}

/** Takes credentials from the environment; `account` is what the configuration says. Refuses when something is missing, and says all of it. */
export function credentials(label: string, env: Env, account: string | undefined): Credentials {
  const token = env["CLOUDFLARE_API_TOKEN"] ?? "";
  const id = env["CLOUDFLARE_ACCOUNT_ID"] || account || "";
  const lines: string[] = [];
  if (token === "") lines.push("CLOUDFLARE_API_TOKEN is not set: expected an API token that may edit Pages or Workers");
  else if (/\s/.test(token))
    lines.push("CLOUDFLARE_API_TOKEN has a space or a line end in it: expected the token alone");
  if (id === "")
    lines.push(
      "CLOUDFLARE_ACCOUNT_ID is not set, and the configuration has no account_id: expected the account's 32 hexadecimal digits",
    );
  else if (!/^[0-9a-f]{32}$/.test(id))
    lines.push(`CLOUDFLARE_ACCOUNT_ID: expected 32 hexadecimal digits, found ${id.length} characters`);
  if (lines.length > 0) throw new Refusal(`${label}: nothing was uploaded, credentials are missing or wrong`, lines);
  return { token, account: id, api: apiOf(env) };
}

/** What wrangler needs from the environment besides credentials: where programs, certificates and proxies are. */
const inherited = [
  ...["PATH", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "CLOUDFLARE_COMPLIANCE_REGION"],
];

/**
 * wrangler's whole environment. `home` is an empty folder: no login of before, no cache, no git repository. Of the
 * caller's variables only those pass that are named here, so that wrangler behaves the same wherever it runs.
 */
export function wranglerEnvironment(
  env: Env,
  { token, account, api }: Credentials,
  home: string,
): Record<string, string> {
  const passed = inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(passed),
    CI: "true",
    CLOUDFLARE_ACCOUNT_ID: account,
    CLOUDFLARE_API_BASE_URL: api,
    CLOUDFLARE_API_TOKEN: token,
    DO_NOT_TRACK: "1",
    GIT_CEILING_DIRECTORIES: home,
    HOME: home,
    NO_COLOR: "1",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_LOG_PATH: `${home}/logs`,
    WRANGLER_OUTPUT_FILE_PATH: `${home}/events.ndjson`,
    WRANGLER_SEND_METRICS: "false",
    XDG_CONFIG_HOME: home,
  };
}
