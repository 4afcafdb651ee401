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
 * One program of the platform. The next system is one entry here and one in `systems`.
 * `ports` maps a name to its distance from the base port (`--port`), so that moving the base moves everything.
 */
export interface Part {
  readonly name: string;
  readonly about: string;
  readonly after: readonly string[];
  readonly ports: Readonly<Record<string, number>>;
  readonly ready: ReadyCheck;
  readonly launch: (context: LaunchContext) => Launch;
}

/** What a program that a person runs beside the platform is told, so that it finds it. */
export interface Clients {
  /** The parts without which there is nothing to be told. */
  readonly needs: readonly string[];
  /** Its variables; `state` is a folder for what it keeps, and `port` one that no part has. */
  readonly env: (
    context: Pick<LaunchContext, "address" | "secrets"> & { readonly state: string; readonly port: number },
  ) => Readonly<Record<string, string>>;
  /** What the person is told when everything is ready: words and a command. */
  readonly hint: { readonly words: string; readonly command: string };
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
