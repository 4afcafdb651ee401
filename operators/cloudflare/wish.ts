import { domainToASCII } from "node:url";
import { annotations, type Deployment, hasFinalizer } from "./deployment.ts";

/** How a Deployment wants to be published. */
export interface Wish {
  /** In punycode and lower case. */
  readonly hostname: string;
  /** The name of a reusable Access policy. */
  readonly policy: string;
  /** Where requests go: `http://web.shop.svc:80`. */
  readonly service: string;
}

/** What the annotations of a Deployment come to. */
export type Reading =
  /** It is not to be published: no hostname, switched off, or being deleted. */
  | { readonly kind: "none" }
  | { readonly kind: "wish"; readonly wish: Wish }
  /** The annotations cannot be followed; `message` says why and what to do. */
  | { readonly kind: "invalid"; readonly message: string };

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Cloudflare's own bound for names of policies. */
const POLICY_LENGTH = 350;

/** Reads the annotations of a Deployment; what was read of one object is remembered. */
export function readWish(deployment: Deployment): Reading {
  let reading = readings.get(deployment);
  if (reading === undefined) readings.set(deployment, (reading = read(deployment)));
  return reading;
}
const readings = new WeakMap<Deployment, Reading>();

function read({ metadata }: Deployment): Reading {
  const given = metadata.annotations ?? {};
  if (metadata.deletionTimestamp !== undefined || given[annotations.hostname] === undefined) return { kind: "none" };
  const disabled = given[annotations.disabled] ?? "false";
  if (disabled === "true") return { kind: "none" };
  if (disabled !== "false") return invalid(annotations.disabled, disabled, '"true" or "false"');

  const hostname = readHostname(given[annotations.hostname]!);
  if (hostname === undefined)
    return invalid(annotations.hostname, given[annotations.hostname]!, "a hostname (RFC 1123) of two labels or more");
  const policy = given[annotations.policy];
  if (policy === undefined || policy.trim() === "" || policy.length > POLICY_LENGTH)
    return {
      kind: "invalid",
      message: `${annotations.policy} is ${policy === undefined ? "not set" : "empty or too long"}; expected the name of a reusable Access policy. Without one nothing is published.`,
    };
  const service = given[annotations.service] ?? metadata.name;
  if (!label.test(service)) return invalid(annotations.service, service, "the name of a Service of the same namespace");
  const port = given[annotations.port] ?? "80";
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
    return invalid(annotations.port, port, "a port of the Service, 1 to 65535");
  return {
    kind: "wish",
    wish: {
      hostname,
      policy: policy.trim(),
      service: `http://${service}.${metadata.namespace ?? "default"}.svc:${port}`,
    },
  };
}

/** Whether the operator has anything to do with a Deployment: it is to be published, or was. */
export function concerns(deployment: Deployment): boolean {
  if (hasFinalizer(deployment) || annotations.state in (deployment.metadata.annotations ?? {})) return true;
  return readWish(deployment).kind !== "none";
}

/** A hostname in punycode and lower case; undefined for what is none (RFC 1123), for a single label and for an address. */
export function readHostname(text: string): string | undefined {
  const written = text.trim();
  if (/[^\p{L}\p{M}\p{N}.\-\u200c\u200d]/u.test(written)) return undefined;
  const hostname = domainToASCII(written);
  const labels = hostname.split(".");
  const wellFormed = labels.length >= 2 && hostname.length <= 253 && labels.every((one) => label.test(one));
  return wellFormed && !/^\d+$/.test(labels.at(-1)!) ? hostname : undefined;
}

function invalid(annotation: string, value: string, expected: string): Reading {
  const shown = JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return { kind: "invalid", message: `${annotation} is ${shown}; expected ${expected}.` };
}
