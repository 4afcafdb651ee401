import { Type } from "typebox";
import Value from "typebox/value";
import { type CacheRule, RULE_REF } from "./cache-rule.ts";

/** How to reach a zone's settings. */
export interface ZoneOptions {
  /** Such as `https://api.cloudflare.com/client/v4`. */
  readonly api: string;
  readonly zone: string;
  /** Has to have the permission Cache Rules: Edit of the zone. */
  readonly token: string;
}

/** What was done, or would be. */
export type Outcome = "added" | "changed" | "unchanged";

const PHASE = "phases/http_request_cache_settings/entrypoint";
const Ruleset = Type.Object({
  id: Type.String(),
  rules: Type.Optional(Type.Array(Type.Object({ id: Type.String(), ref: Type.Optional(Type.String()) }))),
});
const Reply = Type.Object({
  success: Type.Boolean(),
  errors: Type.Optional(Type.Array(Type.Object({ code: Type.Number(), message: Type.String() }))),
  result: Type.Optional(Type.Unknown()),
});

/**
 * Brings our rule into the zone's cache rules, and leaves all others as they are.
 * @param dryRun only tells what would be done
 * @throws Error with Cloudflare's own words when it refuses
 */
export async function applyRule(options: ZoneOptions, rule: CacheRule, dryRun: boolean): Promise<Outcome> {
  const found = await call(options, "GET", PHASE);
  if (found === null) {
    if (!dryRun) await call(options, "PUT", PHASE, { rules: [rule] });
    return "added";
  }
  if (!Value.Check(Ruleset, found))
    throw new Error("Cloudflare's cache rules are not as they were expected: an id and rules.");
  const present = found.rules?.find(({ ref }) => ref === RULE_REF);
  if (!present) {
    if (!dryRun) await call(options, "POST", `${found.id}/rules`, rule);
    return "added";
  }
  if (holds(present, rule)) return "unchanged";
  if (!dryRun) await call(options, "PATCH", `${found.id}/rules/${present.id}`, rule);
  return "changed";
}

/** Whether a value has all that is wanted; what Cloudflare adds of its own does not count. */
function holds(value: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== "object") return Object.is(value, wanted);
  if (value === null || typeof value !== "object" || Array.isArray(value) !== Array.isArray(wanted)) return false;
  if (Array.isArray(wanted) && (value as unknown[]).length !== wanted.length) return false;
  return Object.entries(wanted).every(([key, one]) => holds((value as Record<string, unknown>)[key], one));
}

async function call(options: ZoneOptions, method: string, path: string, body?: object): Promise<unknown> {
  const url = `${options.api}/zones/${options.zone}/rulesets/${path}`;
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${options.token}`, "content-type": "application/json" },
    signal: AbortSignal.timeout(30_000),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: Error) => {
    throw new Error(`${method} ${url} got no answer; check the network and CLOUDFLARE_API_URL.`, { cause });
  });
  if (response.status === 404 && method === "GET") return null;
  const reply: unknown = await response.json().catch(() => null);
  if (response.ok && Value.Check(Reply, reply) && reply.success) return reply.result;
  const told = Value.Check(Reply, reply)
    ? reply.errors?.map(({ code, message }) => `${message} (${code})`).join("; ")
    : "";
  throw new Error(
    `${method} ${url} was refused with ${response.status}: ${told || "no reason"}. ` +
      "The token needs the permission Cache Rules: Edit of this zone.",
  );
}
