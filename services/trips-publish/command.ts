import { type Static, Type } from "typebox";
import Value from "typebox/value";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";

const Texts = Type.Readonly(Type.Array(Type.String()));
const Token = Type.Union([Type.String({ pattern: TOKEN_PATTERN }), Type.Null()]);

/**
 * What is told of photos whose files do not say it; kept with an import, so that `retry` works as it did.
 * `zone` is that of local times without an offset; `tracks` are absolute paths of files that place photos without GPS, and
 * `offset` seconds to add to the camera's clock for that (`auto` finds them); `elevation` holds absolute paths of folders with
 * HGT tiles and URLs of services, in the order in which they are asked.
 */
export const PhotoOptionsSchema = Type.Object({
  camera: Type.String({ pattern: TOKEN_PATTERN }),
  trip: Token,
  tags: Texts,
  zone: Type.Union([Type.String(), Type.Null()]),
  tracks: Texts,
  offset: Type.Union([Type.Number(), Type.Literal("auto")]),
  elevation: Texts,
});

/** What is told of photos; see {@link PhotoOptionsSchema}. */
export type PhotoOptions = Readonly<Static<typeof PhotoOptionsSchema>>;

/** Reads the options of an import back from the journal. */
export function readPhotoOptions(text: string): PhotoOptions {
  const value: unknown = JSON.parse(text);
  if (Value.Check(PhotoOptionsSchema, value)) return value;
  throw new Error(`The journal holds options of an import that this version does not know: ${text.slice(0, 200)}.`);
}

/** How an import is run. */
export interface RunOptions {
  readonly concurrency: number;
  readonly tries: number;
  readonly mostBytes: number;
}

/** The formats of `export`. */
export const FORMATS = ["gpx", "geojson", "kml", "html"] as const;

/** Publishes photos of folders. */
export interface PhotosCommand {
  readonly name: "photos";
  readonly folders: readonly string[];
  readonly photo: PhotoOptions;
  readonly run: RunOptions;
  readonly dryRun: boolean;
  /** Whether files count whose name is not that of a picture. */
  readonly all: boolean;
}

/** Publishes what arrives in a folder. */
export interface WatchCommand {
  readonly name: "watch";
  readonly folder: string;
  readonly photo: PhotoOptions;
  readonly run: RunOptions;
}

/** Publishes tracks; places less than `everyS` seconds after the last one are left out. */
export interface ImportCommand {
  readonly name: "import";
  readonly files: readonly string[];
  readonly camera: string;
  readonly trip: string | null;
  readonly tags: readonly string[];
  readonly elevation: readonly string[];
  readonly everyS: number;
  readonly dryRun: boolean;
}

/** Writes a trip; to standard output where `out` is null. */
export interface ExportCommand {
  readonly name: "export";
  readonly trip: string;
  readonly format: (typeof FORMATS)[number];
  readonly out: string | null;
}

/** Names a trip. */
export interface TripSetCommand {
  readonly name: "trip-set";
  readonly id: string;
  readonly title: string;
  readonly from: string;
  readonly to: string | null;
  readonly cameras: readonly string[];
}

/** What the command line asks for. Paths are absolute. */
export type Command =
  | { readonly name: "help"; readonly of: string | null }
  | PhotosCommand
  | WatchCommand
  | { readonly name: "status"; readonly limit: number }
  | { readonly name: "retry"; readonly reason: string | null; readonly run: RunOptions }
  | ImportCommand
  | ExportCommand
  | { readonly name: "delete"; readonly ids: readonly string[]; readonly dryRun: boolean }
  | TripSetCommand
  | { readonly name: "trip-remove"; readonly id: string };
