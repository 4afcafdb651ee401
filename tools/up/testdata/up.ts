import { readFileSync } from "node:fs";

import { HELP, readArgs } from "../args.ts";
import type { Clients, Part } from "../part.ts";
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
  hint: { words: "Use it", command: "use it" },
};

process.exitCode = await runUp({
  parts,
  systems: [],
  clients,
  help: HELP,
  parsed: readArgs(process.argv.slice(2), process.env, process.cwd()),
  node: process.env["REAL_NODE"] ?? process.execPath,
});
