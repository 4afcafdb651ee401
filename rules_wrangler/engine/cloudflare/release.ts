/** Something that was published: what to serve under which path, and how. */
export interface Release {
  readonly id: string;
  readonly created_on: string;
  /** Path to hash. */
  readonly manifest: Readonly<Record<string, string>>;
  /** The text of `_headers` and `_redirects`; empty without one. */
  readonly headers: string;
  readonly redirects: string;
  /** What answers a path that does not exist. */
  readonly notFound: "none" | "404-page" | "single-page-application";
}

/** A Pages deployment. */
export interface PagesDeployment extends Release {
  readonly environment: "production" | "preview";
  readonly branch: string;
  readonly commit_hash: string;
  readonly commit_message: string;
  readonly commit_dirty: boolean;
}

/** A Pages project. */
export interface PagesProject {
  readonly id: string;
  readonly name: string;
  readonly production_branch: string;
  readonly created_on: string;
  /** Newest first. */
  readonly deployments: readonly PagesDeployment[];
  /** The id of what is served in production; null before the first deployment. */
  readonly live: string | null;
}

/** A Worker with assets. */
export interface WorkerScript {
  readonly name: string;
  /** Newest first. */
  readonly versions: readonly (Release & {
    readonly number: number;
    readonly message: string;
    readonly alias: string | null;
    /** The main module's text; null for a Worker of assets alone. The fake keeps it and does not run it. */
    readonly script: string | null;
  })[];
  readonly deployments: readonly { readonly id: string; readonly created_on: string; readonly version: string }[];
}
