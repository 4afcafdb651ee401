import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach } from "vitest";
import type { KubeApi } from "./api.ts";
import type { Outcome } from "./errors.ts";
import { httpServer, type Patience } from "./http-api.ts";
import type { KubeObject } from "./object.ts";
import { configMaps } from "./resources.ts";

/** The place of {@link object}. */
export const one = { namespace: "default", name: "one" };
/** What servers under test have. */
export const object = { metadata: { ...one, uid: "u", resourceVersion: "7" } };
const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Starts a server on the loopback, which ends with the test; gives its port. */
export async function serving(listener: RequestListener): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  open.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

/** The configuration of a client that speaks HTTP. */
export function configOf(server: string, user: object, proxyUrl?: string): KubeConfig {
  const config = new KubeConfig();
  const proxy = proxyUrl === undefined ? {} : { proxyUrl };
  config.loadFromOptions({
    // nosemgrep: tls-verification-off -- the library asks for it before it speaks HTTP, here on the loopback
    clusters: [{ name: "c", server, skipTLSVerify: true, ...proxy }],
    users: [{ name: "u", ...user }],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  return config;
}

/** The API of config maps on a server that answers as told, and what makes the server go away. */
export async function answering(
  listener: RequestListener,
  user: object = { token: "t" },
  patience: Patience = { timeoutMs: 2000 },
): Promise<KubeApi<KubeObject> & { leave(): Promise<void> }> {
  const { server, port } = await serving(listener);
  const config = configOf(`http://127.0.0.1:${port}`, user);
  const leave = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { ...httpServer(config, patience).api<KubeObject>(configMaps), leave };
}

/** Why a request failed, or `ok`. */
export const errorOf = (outcome: Outcome<unknown>) => (outcome.ok ? "ok" : outcome.error);
/** Answers everything so. */
export const failing = (
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
};
