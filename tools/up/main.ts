import { resolve } from "node:path";

import { HELP, readArgs } from "./args.ts";
import { clients, parts, systems } from "./parts.ts";
import { runUp } from "./program.ts";

const nodeBinary = process.env["JS_BINARY__NODE_BINARY"];

process.exitCode = await runUp({
  parts,
  systems,
  clients,
  help: HELP,
  parsed: readArgs(process.argv.slice(2), process.env, process.cwd()),
  node: nodeBinary === undefined ? process.execPath : resolve(nodeBinary),
});
