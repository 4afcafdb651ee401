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
  /** What runs beside the assets; null for assets alone. */
  readonly script: Script | null;
}

/** The script of a Worker, as it was uploaded. */
export interface Script {
  /** The name of the module that exports the handler. */
  readonly main: string;
  /** Each with the content type that it was uploaded with. */
  readonly modules: readonly { readonly name: string; readonly type: string; readonly base64: string }[];
  readonly bindings: readonly { readonly name: string; readonly kind: "text" | "json"; readonly value: string }[];
  /** The compatibility date. */
  readonly date: string;
  readonly flags: readonly string[];
  /** By which name the script asks for assets; undefined where it does not. */
  readonly assetsBinding: string | undefined;
  /** `run_worker_first`: all requests, those of these paths, or those that no asset answers. */
  readonly first: boolean | readonly string[];
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
  })[];
  readonly deployments: readonly { readonly id: string; readonly created_on: string; readonly version: string }[];
}
