import { join } from "node:path";

import type { Clients, LaunchContext, Part, PartSet, System } from "./part.ts";

/** The systems that the front door lists, in the order in which it lists them. */
export const systems: readonly System[] = [
  {
    name: "trips",
    title: "Trips",
    about: "Photos of a camera on the road, on the map as they are taken.",
    api: "trips-api",
    images: "images",
  },
];

const s3Client = (context: Pick<LaunchContext, "address" | "secrets">): Record<string, string> => ({
  S3_ENDPOINT: `http://${context.address("s3", "http")}`,
  S3_REGION: "us-east-1",
  S3_BUCKET: "trips",
  S3_ACCESS_KEY_ID: context.secrets.s3.accessKeyId,
  S3_SECRET_ACCESS_KEY: context.secrets.s3.secretAccessKey,
});

/** Every part of the platform on this machine. */
export const parts: readonly Part[] = [
  {
    name: "nats",
    about: "events (JetStream)",
    after: [],
    ports: { client: 4, monitor: 5 },
    ready: { kind: "http", port: "monitor", path: "/healthz" },
    launch: ({ state, port }) => ({
      args: [
        ...["--addr", "127.0.0.1", "--port", String(port("client")), "--http_port", String(port("monitor"))],
        ...["--jetstream", "--store_dir", state, "--server_name", "up", "--logtime=false"],
      ],
    }),
  },
  {
    name: "s3",
    about: "objects (S3)",
    after: [],
    ports: { http: 6 },
    ready: { kind: "http", port: "http", path: "/healthz" },
    launch: ({ state, port, secrets }) => ({
      folders: ["data", "meta"],
      args: ["posix", "--sidecar", join(state, "meta"), join(state, "data")],
      env: {
        ROOT_ACCESS_KEY: secrets.s3.accessKeyId,
        ROOT_SECRET_KEY: secrets.s3.secretAccessKey,
        VGW_PORT: `127.0.0.1:${port("http")}`,
        VGW_HEALTH: "/healthz",
        VGW_QUIET: "true",
      },
    }),
  },
  {
    name: "gopro-simulator",
    about: "a camera on the road",
    after: [],
    ports: { http: 1 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: ({ state, port }) => ({
      env: { PORT: String(port("http")), STATE_DIR: state, SIM_SPEED: "1", SIM_HISTORY_DAYS: "2" },
    }),
  },
  {
    name: "trips-capture",
    about: "camera to S3 and NATS",
    after: ["gopro-simulator", "nats", "s3"],
    ports: { http: 2 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: (context) => ({
      env: {
        ...s3Client(context),
        PORT: String(context.port("http")),
        STATE_DIR: context.state,
        CAMERA_URL: `http://${context.address("gopro-simulator", "http")}`,
        CAPTURE_INTERVAL_S: "5",
        NATS_URL: `nats://${context.address("nats", "client")}`,
      },
    }),
  },
  {
    name: "trips-api",
    about: "photos for the map",
    after: ["nats", "s3"],
    ports: { http: 3 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: (context) => ({
      env: {
        ...s3Client(context),
        PORT: String(context.port("http")),
        NATS_URL: `nats://${context.address("nats", "client")}`,
        API_KEYS: context.secrets.apiKey,
      },
    }),
  },
  {
    name: "images",
    about: "pictures in the sizes of the site",
    after: ["s3", "trips-api"],
    ports: { http: 8 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: (context) => ({
      env: {
        ...s3Client(context),
        PORT: String(context.port("http")),
        DERIVED_FOLDER: context.state,
        VISIBILITY_URL: `http://${context.address("trips-api", "http")}`,
      },
    }),
  },
  {
    name: "cloudflare",
    about: "a place to deploy sites to",
    after: [],
    ports: { http: 7 },
    ready: { kind: "tcp", port: "http" },
    launch: ({ state, port }) => ({ env: { PORT: String(port("http")), STATE_DIR: state } }),
  },
  {
    name: "front-door",
    about: "the sites",
    after: ["trips-api", "trips-capture", "images"],
    ports: { http: 0 },
    ready: { kind: "http", port: "http", path: "/readyz" },
    launch: ({ port, systems: served }) => ({
      env: { PORT: String(port("http")), SYSTEMS: JSON.stringify(served) },
    }),
  },
];

/** How `trips-publish`, run by a person, finds the platform. */
export const clients: Clients = {
  needs: ["nats", "s3", "trips-api"],
  env: (context) => ({
    ...s3Client(context),
    NATS_URL: `nats://${context.address("nats", "client")}`,
    TRIPS_API_URL: `http://${context.address("trips-api", "http")}`,
    TRIPS_API_KEY: context.secrets.apiKey,
    STATE_DIR: context.state,
    PORT: String(context.port),
  }),
  hint: ({ file, elsewhere }) =>
    `Publish your own photos: ./bazel run //services/trips-publish -- photos ~/Pictures${elsewhere ? ` --env ${file}` : ""}\n` +
    `The addresses and keys for it, and the API key, are in ${file}.`,
};

/** The platform on this machine: `./bazel run //:up`. */
export const platform: PartSet = {
  target: "//:up",
  about: "the platform",
  source: "tools/up/parts.ts",
  parts,
  systems,
  clients,
  door: "front-door",
  basePort: 8080,
  stateFolder: ".state",
};
