import { join } from "node:path";
import type { Clients, LaunchContext, Part, PartSet } from "#tools/up/part.ts";

const ACCOUNT = "0".repeat(32);
const TUNNEL = "homelab";
/** One name for the operator's part, its Lease and its marks in Cloudflare. */
const CLOUDFLARE_OPERATOR = "cloudflare-operator";

const kubeconfig = ({ stateOf }: Pick<LaunchContext, "stateOf">) => join(stateOf("kubernetes"), "kubeconfig");
const cloudflareUrl = ({ address }: Pick<LaunchContext, "address">) => `http://${address("cloudflare", "http")}`;

/** A control plane, what the operators work on, the operators, and a page that shows all of it. */
const parts: readonly Part[] = [
  {
    name: "kubernetes",
    about: "etcd and kube-apiserver",
    after: [],
    ports: { http: 1, server: 2, etcd: 3, peer: 4 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    tools: ["etcd", "kube-apiserver"],
    launch: (context) => ({
      env: {
        PORT: String(context.port("http")),
        SERVER_PORT: String(context.port("server")),
        ETCD_PORT: String(context.port("etcd")),
        PEER_PORT: String(context.port("peer")),
        ETCD_BIN: context.tool("etcd"),
        KUBE_APISERVER_BIN: context.tool("kube-apiserver"),
        STATE_DIR: context.state,
        KUBECONFIG: kubeconfig(context),
      },
    }),
  },
  {
    name: "cloudflare",
    about: "a fake Cloudflare",
    after: [],
    ports: { http: 5 },
    ready: { kind: "http", port: "http", path: "/_fake/world" },
    launch: ({ state, port, secrets }) => ({
      env: {
        PORT: String(port("http")),
        STATE_DIR: state,
        CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
        CLOUDFLARE_API_TOKEN: secrets.apiKey,
        ZONES: "example.org",
        POLICIES: "family, friends",
        TUNNEL,
        LATENCY_MS: "200",
      },
    }),
  },
  {
    name: CLOUDFLARE_OPERATOR,
    about: "the Cloudflare operator",
    after: ["kubernetes", "cloudflare"],
    ports: { http: 6 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: (context) => ({
      env: {
        PORT: String(context.port("http")),
        KUBECONFIG: kubeconfig(context),
        CLOUDFLARE_API_URL: `${cloudflareUrl(context)}/client/v4`,
        CLOUDFLARE_API_TOKEN: context.secrets.apiKey,
        CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
        TUNNEL_NAME: TUNNEL,
        LEASE_NAMESPACE: "default",
        LEASE_NAME: CLOUDFLARE_OPERATOR,
        PASS_SECONDS: "5",
        SETTLE_SECONDS: "5",
      },
    }),
  },
  {
    name: "console",
    about: "the page that shows it",
    after: ["kubernetes", "cloudflare", CLOUDFLARE_OPERATOR],
    ports: { http: 0 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: (context) => ({
      env: {
        PORT: String(context.port("http")),
        KUBECONFIG: kubeconfig(context),
        CLOUDFLARE_URL: cloudflareUrl(context),
        OPERATOR_URL: `http://${context.address(CLOUDFLARE_OPERATOR, "http")}`,
        LEASE_NAMESPACE: "default",
        LEASE_NAME: CLOUDFLARE_OPERATOR,
        SITE: context.site("console") ?? "",
      },
    }),
  },
];

/** What people with kubectl, and a second operator beside this one, are told. */
const clients: Clients = {
  needs: ["kubernetes", "cloudflare"],
  env: (context) => ({
    KUBECONFIG: kubeconfig(context),
    CLOUDFLARE_API_URL: `${cloudflareUrl(context)}/client/v4`,
    CLOUDFLARE_API_TOKEN: context.secrets.apiKey,
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    TUNNEL_NAME: TUNNEL,
  }),
  hint: ({ env }) => `With kubectl: export KUBECONFIG=${env["KUBECONFIG"]}`,
};

/** The operators on this machine: `./bazel run //operators:up`. */
export const operators: PartSet = {
  target: "//operators:up",
  about: "the operators",
  source: "operators/up/parts.ts",
  parts,
  systems: [],
  clients,
  door: "console",
  basePort: 8180,
  stateFolder: ".state-operators",
};
