import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import ignore from "ignore";
import type { Kind } from "../config/check.ts";

/** A file of a site. */
export interface SiteFile {
  /** Below the site's folder, with `/` and without one in front. */
  readonly path: string;
  readonly bytes: number;
}

/** What is read by Cloudflare and not served. */
const control = {
  pages: ["_headers", "_redirects", "_routes.json", "_worker.js"],
  worker: ["_headers", "_redirects", ".assetsignore"],
};

/** Names that wrangler leaves out of a Pages deployment wherever they stand, or only at the top. */
const hidden = { anywhere: new Set([".DS_Store", "node_modules", ".git"]), top: new Set(["functions", ".wrangler"]) };

/** The files that wrangler would upload from a folder, sorted by path. */
export function siteFiles(kind: Kind, folder: string): readonly SiteFile[] {
  const all = walk(folder, "", kind);
  const left = all.filter(({ path }) => !control[kind].includes(path));
  if (kind === "pages" || !all.some(({ path }) => path === ".assetsignore")) return left;
  const rules = ignore().add(readFileSync(join(folder, ".assetsignore"), "utf8"));
  return left.filter(({ path }) => !rules.ignores(path));
}

/** The text of a file at the top of a site; undefined when there is none. */
export function topFile(folder: string, name: string): string | undefined {
  return readdirSync(folder).includes(name) ? readFileSync(join(folder, name), "utf8") : undefined;
}

function walk(root: string, below: string, kind: Kind): readonly SiteFile[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((name): readonly SiteFile[] => {
      const path = below === "" ? name : `${below}/${name}`;
      if (kind === "pages" && (hidden.anywhere.has(name) || hidden.top.has(path))) return [];
      const stat = statSync(join(root, path));
      return stat.isDirectory() ? walk(root, path, kind) : [{ path, bytes: stat.size }];
    });
}
