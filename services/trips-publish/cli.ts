import path from "node:path";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { isZone } from "#lib/photos/instant.ts";
import { TOKEN_PATTERN } from "#lib/schemas/trips/v1/stream.ts";
import { type Command, FORMATS, type PhotoOptions, type RunOptions } from "./command.ts";

/** A command with what all commands share, or what is wrong with the command line. */
export type Arguments =
  | { readonly ok: true; readonly command: Command; readonly json: boolean; readonly env: string | undefined }
  | { readonly ok: false; readonly message: string };

const SHARED = { json: { type: "boolean" }, env: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
const PHOTO = {
  camera: { type: "string" },
  trip: { type: "string" },
  tag: { type: "string", multiple: true },
  zone: { type: "string" },
  track: { type: "string", multiple: true },
  offset: { type: "string" },
  elevation: { type: "string", multiple: true },
} as const;
const RUN = { concurrency: { type: "string" }, tries: { type: "string" }, "max-mib": { type: "string" } } as const;
const DRY = { "dry-run": { type: "boolean" } } as const;

const OPTIONS: Readonly<Record<string, ParseArgsOptionsConfig>> = {
  photos: { ...PHOTO, ...RUN, ...DRY, all: { type: "boolean" } },
  watch: { ...PHOTO, ...RUN },
  status: { limit: { type: "string" } },
  retry: { ...RUN, reason: { type: "string" } },
  import: {
    ...DRY,
    camera: { type: "string" },
    trip: { type: "string" },
    tag: { type: "string", multiple: true },
    elevation: { type: "string", multiple: true },
    every: { type: "string" },
  },
  export: { format: { type: "string" }, out: { type: "string" } },
  delete: { ...DRY },
  trip: {
    title: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    camera: { type: "string", multiple: true },
  },
};

class Wrong extends Error {}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** Reads the command line. Paths count from `cwd`, where the person stands. */
export function readArguments(argv: readonly string[], cwd: string): Arguments {
  const [name, ...rest] = argv;
  if (name === undefined || ["help", "--help", "-h"].includes(name))
    return { ok: true, command: { name: "help", of: rest[0] ?? null }, json: false, env: undefined };
  const options = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (!options)
    return { ok: false, message: `There is no command "${name}"; there are ${Object.keys(OPTIONS).join(", ")}.` };
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { ...options, ...SHARED },
      allowPositionals: true,
    });
    const command: Command = values["help"]
      ? { name: "help", of: name }
      : build(name, values as Values, positionals, cwd);
    const env = text(values as Values, "env");
    return { ok: true, command, json: values["json"] === true, env: env && path.resolve(cwd, env) };
  } catch (error) {
    if (error instanceof Wrong || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS"))
      return { ok: false, message: (error as Error).message };
    throw error;
  }
}

function build(name: string, values: Values, words: string[], cwd: string): Command {
  const paths = words.map((word) => path.resolve(cwd, word));
  const some = (what: string) => {
    if (words.length === 0) throw new Wrong(`${name} needs ${what}.`);
  };
  const dryRun = values["dry-run"] === true;
  switch (name) {
    case "photos":
      some("a folder of photos");
      return {
        name,
        folders: paths,
        photo: photoOptions(values, cwd),
        run: runOptions(values),
        dryRun,
        all: values["all"] === true,
      };
    case "watch":
      if (words.length !== 1) throw new Wrong("watch needs one folder.");
      if (values["offset"] === "auto")
        throw new Wrong("watch needs --offset in seconds: the clock can be found from photos that are there only.");
      return {
        name,
        folder: paths[0]!,
        photo: photoOptions(values, cwd),
        run: { ...runOptions(values), tries: Infinity },
      };
    case "status":
      return { name, limit: number(values, "limit", 50, 0, 100_000) };
    case "retry":
      return { name, reason: text(values, "reason") ?? null, run: runOptions(values) };
    case "import":
      some("a file of tracks");
      return {
        name,
        files: paths,
        dryRun,
        camera: token(values, "camera") ?? "track",
        trip: token(values, "trip") ?? null,
        tags: tags(values),
        elevation: elevation(values, cwd),
        everyS: number(values, "every", 0, 0, 86_400),
      };
    case "export":
      if (words.length !== 1) throw new Wrong("export needs the id of one trip.");
      return {
        name,
        trip: checkedToken("the trip", words[0]!),
        format: format(values),
        out: folder(values, "out", cwd),
      };
    case "delete":
      some("the id of a point");
      return { name, ids: words.map((word) => checkedToken("the point's id", word)), dryRun };
    default:
      return tripCommand(values, words);
  }
}

function tripCommand(values: Values, [action, id, ...rest]: string[]): Command {
  if ((action !== "set" && action !== "remove") || id === undefined || rest.length > 0)
    throw new Wrong(
      "trip needs: set <id> --title <text> --from <instant> [--to <instant>] [--camera <name>]…, or: remove <id>.",
    );
  checkedToken("the trip's id", id);
  if (action === "remove") return { name: "trip-remove", id };
  const title = text(values, "title");
  const from = instant(values, "from");
  if (!title || !from) throw new Wrong("trip set needs --title and --from.");
  const cameras = list(values, "camera").map((camera) => checkedToken("--camera", camera));
  return { name: "trip-set", id, title, from, to: instant(values, "to") ?? null, cameras };
}

function photoOptions(values: Values, cwd: string): PhotoOptions {
  const zone = text(values, "zone") ?? null;
  if (zone !== null && !isZone(zone))
    throw new Wrong(`--zone is "${zone}"; expected a zone such as Europe/London or +01:00.`);
  const tracks = list(values, "track").map((file) => path.resolve(cwd, file));
  const offset = text(values, "offset") ?? "0";
  if (offset !== "auto" && !/^[+-]?\d+(\.\d+)?$/.test(offset))
    throw new Wrong(`--offset is "${offset}"; expected auto, or seconds to add to the camera's clock.`);
  if (offset !== "0" && tracks.length === 0)
    throw new Wrong("--offset needs --track: it places photos without GPS on that.");
  return {
    camera: token(values, "camera") ?? "import",
    trip: token(values, "trip") ?? null,
    tags: tags(values),
    zone,
    tracks,
    offset: offset === "auto" ? "auto" : Number(offset),
    elevation: elevation(values, cwd),
  };
}

function runOptions(values: Values): RunOptions {
  return {
    concurrency: number(values, "concurrency", 2, 1, 16),
    tries: number(values, "tries", 5, 1, 1_000),
    mostBytes: number(values, "max-mib", 512, 1, 2_048) * 1024 * 1024,
  };
}

const text = (values: Values, name: string) => values[name] as string | undefined;
const list = (values: Values, name: string) => (values[name] ?? []) as string[];
const folder = (values: Values, name: string, cwd: string) =>
  text(values, name) === undefined ? null : path.resolve(cwd, text(values, name)!);

function elevation(values: Values, cwd: string): string[] {
  return list(values, "elevation").map((from) => (/^https?:\/\//.test(from) ? from : path.resolve(cwd, from)));
}

function tags(values: Values): string[] {
  const told = list(values, "tag");
  if (told.length > 32 || told.some((tag) => tag.length === 0 || tag.length > 64))
    throw new Wrong("--tag may be told 32 times, with 1 to 64 characters each.");
  return told;
}

function token(values: Values, name: string): string | undefined {
  const value = text(values, name);
  return value === undefined ? undefined : checkedToken(`--${name}`, value);
}

function checkedToken(what: string, value: string): string {
  if (new RegExp(TOKEN_PATTERN).test(value)) return value;
  throw new Wrong(`${what} is "${value}"; expected 1 to 64 letters, digits, _ or -.`);
}

function number(values: Values, name: string, fallback: number, least: number, most: number): number {
  const told = text(values, name);
  const value = told === undefined ? fallback : Number(told);
  if (told?.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Wrong(`--${name} is "${told}"; expected a whole number from ${least} to ${most}.`);
}

function instant(values: Values, name: string): string | undefined {
  const told = text(values, name);
  if (told === undefined) return undefined;
  const ms = /^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(told) ? Date.parse(told) : Number.NaN;
  if (Number.isNaN(ms))
    throw new Wrong(`--${name} is "${told}"; expected an instant such as 2026-05-01T00:00:00Z, or a day in UTC.`);
  return new Date(ms).toISOString();
}

function format(values: Values): (typeof FORMATS)[number] {
  const told = text(values, "format") ?? "gpx";
  const found = FORMATS.find((each) => each === told);
  if (!found) throw new Wrong(`--format is "${told}"; expected ${FORMATS.join(", ")}.`);
  return found;
}
