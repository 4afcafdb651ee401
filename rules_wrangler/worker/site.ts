/**
 * The script of a site: answers ranges of its assets, and hands paths on to a service elsewhere. What reaches it is
 * `assets.run_worker_first` in the configuration; it is built as `@rules_wrangler//worker:site.mjs`.
 */
import { matchesPath, passOn } from "./origin.ts";
import { cutRange, wholeRequest } from "./range.ts";

/** What the configuration binds. */
export interface Bindings {
  /** `assets.binding`. */
  readonly ASSETS: { fetch(request: Request): Promise<Response> };
  /** Where the service is; it can be given when deploying: `--var API_ORIGIN:https://service.example.org`. */
  readonly API_ORIGIN?: string;
  /** Paths of the service; `/api/*` when absent. */
  readonly API_PATHS?: readonly string[];
}

/** Answers one request. */
export async function answer(request: Request, bindings: Bindings): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (matchesPath(pathname, bindings.API_PATHS ?? ["/api/*"])) return passOn(request, bindings.API_ORIGIN);
  return cutRange(request, await bindings.ASSETS.fetch(wholeRequest(request)));
}

export default { fetch: answer };
