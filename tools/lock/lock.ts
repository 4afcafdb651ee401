import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";

/** The platforms that the lock speaks of, by Go's names. */
export const PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"] as const;

/** One of PLATFORMS. */
export type Platform = (typeof PLATFORMS)[number];

const closed = { additionalProperties: false };
const Platforms = <T extends Type.TSchema>(schema: T) =>
  Type.Object(
    {
      darwin_amd64: Type.Optional(schema),
      darwin_arm64: Type.Optional(schema),
      linux_amd64: Type.Optional(schema),
      linux_arm64: Type.Optional(schema),
    },
    { ...closed, minProperties: 1 },
  );

const File = {
  file: Type.String({ description: "the program's path in the archive; {version} and {platform} are filled in" }),
  tree: Type.Optional(Type.String({ description: "a folder that the program needs whole; {version} is filled in" })),
  within: Type.Optional(Type.String({ description: "updates stay with versions that start like this" })),
};

/** A program out of npm packages: one for all platforms, or one each. */
export const NpmToolSchema = Type.Object(
  {
    client: Type.Literal("npm"),
    version: Type.String({ pattern: "^\\d+\\.\\d+\\.\\d+$" }),
    ...File,
    platforms: Platforms(
      Type.Object({ package: Type.String(), digest: Type.String({ pattern: "^sha512-[A-Za-z0-9+/]{86}==$" }) }, closed),
    ),
  },
  closed,
);

/** A program out of a wheel for each platform. */
export const PypiToolSchema = Type.Object(
  {
    client: Type.Literal("pypi"),
    version: Type.String({ pattern: "^\\d+(\\.\\d+)+$" }),
    ...File,
    platforms: Platforms(
      Type.Object(
        {
          package: Type.String(),
          wheel: Type.String({ description: "the platform tag to ask pip for" }),
          digest: Type.String({ pattern: "^sha256:[0-9a-f]{64}$" }),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** A program that is built from Go modules; `go/<tool>/go.sum` holds the digests of all of them. */
export const GoToolSchema = Type.Object(
  {
    client: Type.Literal("go"),
    version: Type.String({ pattern: "^v\\d+\\.\\d+\\.\\d+$" }),
    module: Type.String(),
    package: Type.String(),
    digest: Type.String({ pattern: "^h1:[A-Za-z0-9+/]{43}=$" }),
    staging: Type.Optional(
      Type.Boolean({ description: "v1.X.Y of the module goes with v0.X.Y of what its go.mod replaces by folders" }),
    ),
    variables: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: "set at link time; {version}, {major} and {minor} are filled in",
      }),
    ),
  },
  closed,
);

/** tools/tools.lock.json: every tool that is not an npm dependency, by name. */
export const LockSchema = Type.Object(
  {
    tools: Type.Record(
      Type.String({ pattern: "^[a-z][a-z0-9-]*$" }),
      Type.Union([NpmToolSchema, PypiToolSchema, GoToolSchema]),
    ),
  },
  closed,
);

/** The lock as a value. */
export type Lock = Static<typeof LockSchema>;
/** One tool of the lock. */
export type Tool = Lock["tools"][string];
/** A tool out of an npm package. */
export type NpmTool = Static<typeof NpmToolSchema>;
/** A tool out of a wheel. */
export type PypiTool = Static<typeof PypiToolSchema>;
/** A tool out of Go modules. */
export type GoTool = Static<typeof GoToolSchema>;

const validator = Compile(LockSchema);

/** Reads the text of a lock; throws with every place that does not fit and what was expected there. */
export function parseLock(text: string): Lock {
  const value: unknown = JSON.parse(text);
  if (validator.Check(value)) return value;
  const places = validator.Errors(value).map((error) => `  ${error.instancePath || "/"}: ${error.message}`);
  throw new Error(
    `tools/tools.lock.json is not a tool lock:\n${places.join("\n")}\nMend these places, or take the file from the last commit and run //tools/lock:update.`,
  );
}

/** Writes a lock as it stands in the file. */
export function printLock(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** The platforms of a tool out of an archive, with what is locked for each. */
export function platformsOf<T extends NpmTool | PypiTool>(
  tool: T,
): [Platform, NonNullable<T["platforms"][Platform]>][] {
  return PLATFORMS.flatMap((platform) => {
    const locked = tool.platforms[platform];
    return locked ? [[platform, locked as NonNullable<T["platforms"][Platform]>]] : [];
  });
}
