import { createHash } from "node:crypto";
import { headersFor, parseHeaders } from "../rules/headers.ts";
import { parseRedirects, redirectFor } from "../rules/redirects.ts";
import type { Cloud } from "./call.ts";
import { aliasOf } from "./pages.ts";
import type { PagesProject, Release, WorkerScript } from "./release.ts";
import type { Reply } from "./reply.ts";

/** The version of a Worker with an id; undefined when there is none. */
export function versionOf(id: string, { store }: Cloud): Release | undefined {
  return store
    .list<WorkerScript>("scripts")
    .flatMap(({ versions }) => versions)
    .find((one) => one.id === id);
}

/**
 * The release behind a host name: `trips.pages.HOST`, `<deployment or branch>.trips.pages.HOST`, `trips.workers.HOST`,
 * `<version or alias>-trips.workers.HOST`. Undefined when there is none.
 */
export function releaseOf(hostname: string, cloud: Cloud): Release | undefined {
  const own = cloud.host.split(":")[0]!;
  const labels = hostname.endsWith(`.${own}`) ? hostname.slice(0, -own.length - 1).split(".") : [];
  const [prefix, name = ""] = labels.length === 3 ? labels : [undefined, labels[0]];
  if (labels.at(-1) === "pages" && name !== "") return pagesRelease(cloud.store.read("projects", name), prefix);
  if (labels.at(-1) !== "workers" || labels.length !== 2) return undefined;
  const live = cloud.store.read<WorkerScript>("scripts", name);
  if (live !== undefined) return live.versions.find(({ id }) => id === live.deployments[0]?.version);
  for (const { name: script, versions } of cloud.store.list<WorkerScript>("scripts")) {
    if (!name.endsWith(`-${script}`)) continue;
    const of = name.slice(0, -script.length - 1);
    return versions.find(({ id, alias }) => id.startsWith(of) || alias === of);
  }
  return undefined;
}

function pagesRelease(project: PagesProject | undefined, prefix: string | undefined): Release | undefined {
  if (prefix === undefined) return project?.deployments.find(({ id }) => id === project.live);
  return project?.deployments.find(
    ({ id, branch, environment }) => id.startsWith(prefix) || (environment === "preview" && aliasOf(branch) === prefix),
  );
}

/** The line of `_redirects` that a URL meets. */
export function redirectOf(release: Release, url: URL): ReturnType<typeof redirectFor> {
  return redirectFor(parseRedirects(release.redirects).rules, url.pathname);
}

/** Answers a GET of a site: redirects, pages without `.html`, `_headers`, ETags. */
export function serve(release: Release, url: URL, ifNoneMatch: string | undefined, cloud: Cloud): Reply {
  const redirect = redirectOf(release, url);
  if (redirect !== undefined && redirect.status !== 200) {
    return { status: redirect.status, headers: { location: redirect.to }, body: "" };
  }
  const path = redirect?.to ?? url.pathname;
  const found = lookUp(release, decodeURI(path));
  if ("location" in found) return { status: 307, headers: { location: found.location + url.search }, body: "" };
  const headers = new Map<string, string>([["cache-control", "public, max-age=0, must-revalidate"]]);
  if (found.hash === undefined) return { status: 404, headers: Object.fromEntries(headers), body: "" };
  const { bytes, contentType } = cloud.store.get(found.hash);
  const etag = `"${createHash("sha256").update(found.hash).digest("hex").slice(0, 32)}"`;
  headers.set("etag", etag);
  headers.set("x-content-type-options", "nosniff");
  if (contentType !== null) headers.set("content-type", contentType);
  for (const [name, value] of headersFor(parseHeaders(release.headers).rules, url)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  if (found.status === 200 && ifNoneMatch === etag)
    return { status: 304, headers: Object.fromEntries(headers), body: "" };
  headers.set("content-length", String(bytes.length));
  return { status: found.status, headers: Object.fromEntries(headers), body: bytes };
}

type Found =
  | { readonly location: string }
  | { readonly status: number; readonly hash: string | undefined; readonly fallback: boolean };

/** What stands at a path: a file, a redirect to its proper path, or what answers in its place (`fallback`). */
export function lookUp({ manifest, notFound }: Release, path: string): Found {
  const page = /^(.*?)(\/index)?(\.html)?$/.exec(path)!;
  const isPage = page[2] !== undefined || page[3] !== undefined;
  if (isPage && path in manifest) return { location: page[2] === undefined ? page[1]! : `${page[1]}/` };
  for (const candidate of [path, `${path}index.html`, `${path}.html`]) {
    if (candidate in manifest && !(candidate === path && isPage))
      return { status: 200, hash: manifest[candidate], fallback: false };
  }
  if (`${path}/index.html` in manifest) return { location: `${path}/` };
  if (notFound === "single-page-application") return { status: 200, hash: manifest["/index.html"], fallback: true };
  return { status: 404, hash: notFound === "404-page" ? manifest["/404.html"] : undefined, fallback: true };
}
