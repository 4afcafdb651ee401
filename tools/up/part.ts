import type { ServedSystem } from "#lib/schemas/front-door/systems.ts";

/** How `up` finds out that a part is ready: an HTTP path that answers 2xx, or a port that accepts a connection. */
export type ReadyCheck =
  | { readonly kind: "http"; readonly port: string; readonly path: string }
  | { readonly kind: "tcp"; readonly port: string };

/** Access keys that `up` makes once and keeps in the state folder. */
export interface Secrets {
  readonly s3: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The key that trips-api takes writes with. */
  readonly apiKey: string;
}

/** A system that the front door shows: a site, and the part that answers its `api/` paths. */
export interface System {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Name of the part that serves `/api/*`, at its port named `http`. */
  readonly api: string;
  /** Name of the part that makes its pictures, at its port named `http`; none for a system without pictures. */
  readonly images?: string;
}

/** What a part may use to say how it is started. Ports are numbers on loopback; paths are absolute. */
export interface LaunchContext {
  /** The part's own folder below the state folder; it exists when the part starts. */
  readonly state: string;
  /** One of the part's own ports. */
  readonly port: (name: string) => number;
  /** `127.0.0.1:<port>` of another part's port. */
  readonly address: (part: string, port: string) => string;
  /** The folder below the state folder that another part keeps its data in. */
  readonly stateOf: (part: string) => string;
  /** Path of one of the part's `tools`. */
  readonly tool: (name: string) => string;
  /** The built site of that name; null when it was not built. */
  readonly site: (name: string) => string | null;
  readonly secrets: Secrets;
  readonly systems: readonly ServedSystem[];
}

/** Arguments and environment of one start; `folders` are made below the part's own folder before it. */
export interface Launch {
  readonly args?: readonly string[];
  readonly folders?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One program of a set.
 * `ports` maps a name to its distance from the base port (`--port`), so that moving the base moves everything.
 */
export interface Part {
  readonly name: string;
  readonly about: string;
  readonly after: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  readonly ready: ReadyCheck;
  /** Programs that it starts itself, by the names that the build gives them. */
  readonly tools?: readonly string[];
  readonly launch: (context: LaunchContext) => Launch;
}

/** What a program that a person runs beside the parts is told, so that it finds them. */
export interface Clients {
  /** The parts without which there is nothing to be told. */
  readonly needs: readonly string[];
  /** Its variables; `state` is a folder for what it keeps, and `port` one that no part has. */
  readonly env: (
    context: Pick<LaunchContext, "address" | "secrets" | "stateOf"> & { readonly state: string; readonly port: number },
  ) => Readonly<Record<string, string>>;
  /** What the person is told when everything is ready; `file` holds the variables, and lies where programs look by themselves or elsewhere. */
  readonly hint: (told: {
    readonly env: Readonly<Record<string, string>>;
    readonly file: string;
    readonly elsewhere: boolean;
  }) => string;
}

/** The programs that one command runs: `./bazel run //:up` has the platform, other commands have others. */
export interface PartSet {
  /** The target, as messages name it: `//:up`. */
  readonly target: string;
  /** What it runs, after "Runs": `the platform`. */
  readonly about: string;
  /** The file that declares it, for messages about a mistake in it. */
  readonly source: string;
  readonly parts: readonly Part[];
  readonly systems: readonly System[];
  readonly clients?: Clients;
  /** The part whose port `http` is the address that a person opens. */
  readonly door: string;
  /** The first port, unless told by `--port`. */
  readonly basePort: number;
  /** The state folder in the checkout, unless told by `--state`. Sets do not share one. */
  readonly stateFolder: string;
}

/** A part with every choice made: what to run, where it keeps its data, when it counts as ready. */
export interface PlannedPart {
  readonly name: string;
  readonly about: string;
  readonly after: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The working directory, below the state folder. */
  readonly folder: string;
  /** Every folder that has to exist before the start, `folder` first. */
  readonly folders: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  readonly ready: { readonly kind: "http"; readonly url: string } | { readonly kind: "tcp"; readonly port: number };
}
