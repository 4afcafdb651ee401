import { readFileSync } from "node:fs";

import type { Clients, Part, PartSet } from "../part.ts";
import { runUp } from "../program.ts";

/** `up` with stand-in parts: the file that STAND_INS names holds `{ name, after, env }` for each of them. */
const standIns = JSON.parse(readFileSync(process.env["STAND_INS"] ?? "", "utf8")) as {
  name: string;
  after: string[];
  env: Record<string, string>;
}[];

const parts = standIns.map(({ name, after, env }, index): Part => ({
  name,
  about: "a stand-in",
  after,
  ports: { http: index },
  ready: { kind: "http", port: "http", path: "/" },
  launch: ({ port }) => ({
    env: { NAME: name, PORT: String(port("http")), JOURNAL: process.env["JOURNAL"] ?? "", ...env },
  }),
}));

const clients: Clients = {
  needs: ["store", "service"],
  env: ({ address, secrets, state, port }) => ({
    SERVICE: address("service", "http"),
    KEY: secrets.apiKey,
    STATE_DIR: state,
    PORT: String(port),
  }),
  hint: ({ file, elsewhere }) => `Use it: use it${elsewhere ? ` --env ${file}` : ""}`,
};

const set: PartSet = {
  ...{ target: "//:up", about: "stand-ins", source: "testdata/up.ts" },
  ...{ parts, systems: [], clients, door: "front-door", basePort: 8080, stateFolder: ".state" },
};

process.exitCode = await runUp(set, process.env["REAL_NODE"]);
