/** Whose an object in Cloudflare is. */
export type Owner =
  /** A Deployment's, by `<namespace>/<name>`. */
  | { readonly kind: "deployment"; readonly key: string }
  /** It carries the operator's mark, for a Deployment that is not there (any more). */
  | { readonly kind: "orphan" }
  /** It carries no mark. */
  | { readonly kind: "other" };

/** A Deployment that has to do with the operator. */
export interface DeploymentView {
  /** `<namespace>/<name>` */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly hostname: string | null;
  readonly policy: string | null;
  readonly disabled: boolean;
  /** Somebody has asked for its deletion. */
  readonly deleting: boolean;
  /** A state of the operator's machine; null when it has written none. */
  readonly phase: string | null;
  /** In milliseconds since the epoch. */
  readonly sinceMs: number | null;
  /** Why it is Failed. */
  readonly reason: string | null;
  readonly message: string | null;
}

export interface RecordView {
  readonly id: string;
  readonly zone: string;
  readonly type: string;
  readonly name: string;
  readonly content: string;
  readonly owner: Owner;
}

export interface AppView {
  readonly id: string;
  readonly domain: string;
  /** Names of its policies, the first that counts first. */
  readonly policies: readonly string[];
  readonly owner: Owner;
}

export interface RouteView {
  readonly tunnel: string;
  readonly hostname: string;
  readonly service: string;
  /** Whether cloudflared asks for a token of an application. */
  readonly guarded: boolean;
  readonly owner: Owner;
}

/** What is in Cloudflare. */
export interface CloudflareView {
  readonly records: readonly RecordView[];
  readonly apps: readonly AppView[];
  readonly routes: readonly RouteView[];
  readonly policies: readonly string[];
  readonly zones: readonly string[];
}

/** How many calls may be made, as the last answer told. */
export interface BudgetView {
  readonly left: number;
  readonly of: number;
  /** When it begins anew, in milliseconds since the epoch. */
  readonly resetMs: number;
}

/** The operator's process. */
export interface OperatorView {
  /** It works; waits for the Lease; does not answer. */
  readonly state: "leading" | "waiting" | "down";
  /** Who has the Lease. */
  readonly holder: string | null;
  /** How often the Lease has changed hands. */
  readonly terms: number;
  /** Whether the console can end its process. */
  readonly mortal: boolean;
}

/** Everything but what has happened. */
export interface Snapshot {
  readonly deployments: readonly DeploymentView[];
  /** Null: the fake Cloudflare does not answer. */
  readonly cloudflare: CloudflareView | null;
  readonly budget: BudgetView | null;
  readonly operator: OperatorView;
  /** Trouble that was made and may still last; null for none. */
  readonly trouble: string | null;
}

/** The operator's machine, as Sextant has generated it. */
export interface MachineView {
  readonly states: readonly {
    readonly name: string;
    readonly initial: boolean;
    readonly error: boolean;
    readonly deletion: boolean;
  }[];
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly action: string }[];
}

/** One thing that has happened; one with an `id` that is known already replaces it. */
export type Entry = { readonly id: string; readonly atMs: number } & (
  | { readonly kind: "you"; readonly text: string }
  | { readonly kind: "operator"; readonly text: string }
  | {
      readonly kind: "state";
      readonly key: string;
      /** Null: the Deployment is gone. */
      readonly phase: string | null;
      readonly message: string | null;
    }
  | {
      readonly kind: "event";
      readonly key: string;
      readonly type: string;
      readonly reason: string;
      readonly note: string;
      /** How often it has happened. */
      readonly count: number;
    }
  | {
      readonly kind: "call";
      readonly method: string;
      readonly path: string;
      readonly body: string | null;
      /** Null while it is under way; a status of null is an answer that never came. */
      readonly end: { readonly status: number | null; readonly ms: number; readonly answer: string | null } | null;
    }
);

/** Whether an entry is a call that only looked: there are many, and they are kept apart so that they push out nothing else. */
export const isLook = (entry: Entry): boolean =>
  entry.kind === "call" && entry.method === "GET" && (entry.end === null || entry.end.status === 200);
