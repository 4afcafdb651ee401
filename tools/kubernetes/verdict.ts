import type { KubernetesResponse } from "#lib/testing/kubernetes.ts";

/** What a server says against a resource; `field` as it names it, where it does. */
export interface Verdict {
  readonly rule: "server" | "warning" | "pod-security";
  readonly field?: string;
  readonly is: string;
  readonly expected: string;
  readonly mend: string;
}

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly message?: string; readonly field?: string }[] };
}

/** Reads an answer to a dry run: nothing when the server takes the resource and has nothing to say. */
export function findingsOf(answer: KubernetesResponse): Verdict[] {
  return [...(answer.status >= 300 ? refusals(answer) : []), ...answer.warnings.map(warning)];
}

function refusals(answer: KubernetesResponse): Verdict[] {
  const status = parsed(answer.body);
  const message = status.message ?? `status ${answer.status}`;
  const security = /violates PodSecurity .*/s.exec(message)?.[0];
  if (security) return [podSecurity(security)];
  const causes = (status.details?.causes ?? []).filter((cause) => cause.message);
  if (causes.length > 0)
    return causes.map((cause) => refusal([cause.field, cause.message].filter(Boolean).join(": "), cause.field));
  const parts = typedErrors(message);
  return (parts.length > 0 ? parts : [message]).map((part) => refusal(part, fieldIn(part)));
}

/** Server-side apply lists what does not fit its schema: `failed to create typed patch object (…): errors:` and a line for each field, or one on the same line. */
function typedErrors(message: string): string[] {
  const list = /^failed to create typed patch object \(.*?\): (?:errors:)?(.*)$/s.exec(message)?.[1] ?? "";
  return list
    .split("\n")
    .map((line) => line.trim().replace(/^\./, ""))
    .filter((line) => line !== "");
}

function refusal(is: string, field: string | undefined): Verdict {
  return {
    rule: "server",
    ...(field === undefined ? {} : { field }),
    is: is.replaceAll(/\s*\n\s*/g, " "),
    expected: "a resource that the server takes",
    mend: "correct what it names",
  };
}

function warning(text: string): Verdict {
  if (text.includes("violate PodSecurity")) return podSecurity(text);
  const field = fieldIn(text);
  return {
    rule: "warning",
    ...(field === undefined ? {} : { field }),
    is: `the server takes it and warns: ${text}`,
    expected: "no warning: what is warned of today is refused by a later version",
    mend: "follow the warning",
  };
}

function podSecurity(text: string): Verdict {
  return {
    rule: "pod-security",
    field: "spec",
    is: text.replace(/^would /, ""),
    expected: 'what Pod Security "restricted" allows; no workload is exempt',
    mend: "set what it names in the securityContext of the pod or of the container",
  };
}

/** The first field of a message: `spec.containers[0].ports`, or `.spec.containers[name="web"].ports` as server-side apply writes it. */
function fieldIn(text: string): string | undefined {
  const step = String.raw`(?:\.[A-Za-z][\w-]*|\[[^\]]+\])*`;
  return new RegExp(String.raw`(?:^|[\s"(])\.?((?:spec|metadata|data|rules|subjects|roleRef)${step})`).exec(text)?.[1];
}

function parsed(body: string): Status {
  try {
    return JSON.parse(body) as Status;
  } catch {
    return { message: body };
  }
}
