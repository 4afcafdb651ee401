import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";

type Node = DefaultTreeAdapterTypes.Node;

/** Directives of a Content-Security-Policy with their sources. */
export type Policy = Readonly<Record<string, readonly string[]>>;

/**
 * The strictest policy with which a bundled page works: all from its own origin. Workers may also come from blobs, since
 * MapLibre starts its workers so, and images from blobs and data URLs, since its sprites are.
 */
export const basePolicy: Policy = {
  "default-src": ["'self'"],
  "base-uri": ["'none'"],
  "child-src": ["'self'", "blob:"],
  "connect-src": ["'self'"],
  "font-src": ["'self'"],
  "form-action": ["'self'"],
  "frame-ancestors": ["'none'"],
  "img-src": ["'self'", "data:", "blob:"],
  "object-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "worker-src": ["'self'", "blob:"],
};

/** Adds sources to a policy; `'none'` gives way to any other. */
export function extend(policy: Policy, more: Policy): Policy {
  const merged: Record<string, readonly string[]> = { ...policy };
  for (const [directive, sources] of Object.entries(more)) {
    const all = [...new Set([...(merged[directive] ?? []), ...sources])];
    merged[directive] = all.length > 1 ? all.filter((source) => source !== "'none'") : all;
  }
  return merged;
}

/** A policy as the value of its header. */
export function policyText(policy: Policy): string {
  return Object.entries(policy)
    .map(([directive, sources]) => [directive, ...sources].join(" "))
    .join("; ");
}

/** What a page needs beyond files of its own: the hashes of its inline scripts and style sheets. */
export function inlineSources(html: string): Policy {
  const found: Record<string, string[]> = {};
  for (const node of walk(parse(html))) {
    if (!("tagName" in node) || (node.tagName !== "script" && node.tagName !== "style")) continue;
    const attribute = (name: string): string | undefined => node.attrs.find((one) => one.name === name)?.value;
    const type = attribute("type") ?? "";
    const runs =
      type === "" || type === "module" || type === "importmap" || type.endsWith("javascript") || type === "text/css";
    if (attribute("src") !== undefined || !runs) continue;
    const text = node.childNodes.map((child) => ("value" in child ? child.value : "")).join("");
    const hash = `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    (found[`${node.tagName}-src`] ??= []).push(hash);
  }
  return found;
}

function* walk(node: Node): Generator<Node> {
  yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* walk(child);
}
