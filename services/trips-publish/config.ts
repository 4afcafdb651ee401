import { homedir } from "node:os";
import path from "node:path";
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Static, Type } from "typebox";
import type { Environment } from "#lib/service/config.ts";
import { Host, HttpUrl, LogLevel, NatsUrl, objectStoreVariables, port } from "#lib/service/variables.ts";

/** Where the journal is, for commands that need no server. */
export const StateSchema = Type.Object({ STATE_DIR: Type.String({ minLength: 1, description: "a folder" }) });

/** The environment of commands that store and publish. */
export const ConfigSchema = Type.Object({
  ...StateSchema.properties,
  NATS_URL: NatsUrl,
  ...objectStoreVariables("trips"),
});

/** The environment of commands that only publish. */
export const StreamSchema = Type.Object({ NATS_URL: NatsUrl });

/** The environment of `export`, which asks trips-api. */
export const ApiSchema = Type.Object({ TRIPS_API_URL: HttpUrl });

/** The environment of `watch`. */
export const WatchSchema = Type.Object({
  ...ConfigSchema.properties,
  HOST: Host,
  PORT: port(8085),
  LOG_LEVEL: LogLevel,
});

/** The configuration of commands that store and publish; see {@link ConfigSchema}. */
export type Config = Readonly<Static<typeof ConfigSchema>>;

/** Thrown when the file of `--env` cannot be read. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/**
 * The environment, filled up from a file of `NAME=value` lines: that of `--env`, else `.state/clients.env` of the checkout
 * that `bazel run` was called in, where there is one. What the environment says counts first.
 */
export function fullEnvironment(file: string | undefined, env: Environment = process.env): Environment {
  const state = env["XDG_STATE_HOME"] || path.join(homedir(), ".local", "state");
  const checkout = env["BUILD_WORKSPACE_DIRECTORY"];
  const platform = checkout ? path.join(checkout, ".state", "clients.env") : undefined;
  return {
    STATE_DIR: path.join(state, "homelab", "trips-publish"),
    ...readEnvironment(file ?? platform, file !== undefined),
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== "")),
  };
}

/** Makes the full environment that of the process, for what reads it from there. */
export function adoptEnvironment(file: string | undefined): void {
  Object.assign(process.env, fullEnvironment(file));
}

/** The folder that paths of the command line count from: where the person stands, also under `bazel run`. */
export function standingFolder(env: Environment = process.env): string {
  return env["BUILD_WORKING_DIRECTORY"] || process.cwd();
}

function readEnvironment(file: string | undefined, required: boolean): Environment {
  if (file === undefined) return {};
  try {
    return parseEnv(readFileSync(file, "utf8")) as Environment;
  } catch (cause) {
    if (!required && (cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    const message = `The environment in ${file} could not be read (${(cause as Error).message}); expected lines NAME=value.`;
    throw new EnvironmentError(message, { cause });
  }
}
