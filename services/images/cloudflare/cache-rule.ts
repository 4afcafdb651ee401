/** Where the pictures are, as browsers see them. */
export interface Place {
  /** Such as `trips.example.org`. */
  readonly host: string;
  /** What their paths begin with, such as `/trips/images/`. */
  readonly path: string;
}

/** The name by which our rule is found again among the zone's. */
export const RULE_REF = "homelab_images";

/**
 * The cache rule for pictures. Their answers say `immutable` and `Vary: Accept`. Cloudflare heeds Vary only where a rule says how:
 * here Accept is reduced to the formats that the service makes, so that each is kept once for all browsers that take it, and an
 * answer that varied by anything else would not be kept. Errors say `no-store`, and are not.
 */
export function cacheRule({ host, path }: Place) {
  return {
    ref: RULE_REF,
    description: "Keeps pictures, each format of its own",
    expression: `(http.host eq ${quoted(host)} and (${["thumb", "display"]
      .map((variant) => `starts_with(http.request.uri.path, ${quoted(`${path}${variant}/`)})`)
      .join(" or ")}))`,
    action: "set_cache_settings",
    action_parameters: {
      cache: true,
      edge_ttl: { mode: "respect_origin" },
      browser_ttl: { mode: "respect_origin" },
      respect_strong_etags: true,
      vary: {
        default: { action: "bypass" },
        headers: { accept: { action: "normalize", media_types: ["image/avif", "image/webp", "image/jpeg"] } },
      },
    },
    enabled: true,
  } as const;
}

/** The rule as it is sent. */
export type CacheRule = ReturnType<typeof cacheRule>;

const quoted = (text: string) => JSON.stringify(text);
