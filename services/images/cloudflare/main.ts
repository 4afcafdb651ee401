import { parseArgs } from "node:util";
import { ConfigError, loadConfig } from "#lib/service/config.ts";
import { cacheRule } from "./cache-rule.ts";
import { ConfigSchema } from "./config.ts";
import { applyRule } from "./zone.ts";

const HELP = `Tells Cloudflare how to keep pictures: one cache rule of a zone; all others stay as they are.

  ./bazel run //services/images/cloudflare:deploy -- --zone ID --host trips.example.org [options]

  --zone ID      the zone, from its overview page
  --host NAME    where the pictures are
  --path PREFIX  what their paths begin with (default /trips/images/)
  --dry-run      says what would be done, and shows the rule

Environment: CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_TOKEN_FILE (permission Cache Rules: Edit).
Exit status: 0 done, 1 refused, 2 wrong arguments or environment.
`;

const { values } = parseArgs({
  options: {
    zone: { type: "string" },
    host: { type: "string" },
    path: { type: "string", default: "/trips/images/" },
    "dry-run": { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

/** Says what is wrong with an argument, or nothing. */
function wrong(): string | undefined {
  if (!/^[0-9a-f]{32}$/.test(values.zone ?? "")) return "--zone takes 32 hexadecimal digits.";
  if (!/^[a-z0-9.-]+$/.test(values.host ?? "")) return "--host takes a name such as trips.example.org.";
  if (!/^\/([\w.-]+\/)*$/.test(values.path)) return "--path takes a path that begins and ends with a slash.";
  return undefined;
}

async function deploy(): Promise<number> {
  const problem = wrong();
  if (problem) {
    process.stderr.write(`${problem}\n\n${HELP}`);
    return 2;
  }
  try {
    const config = loadConfig(ConfigSchema);
    const rule = cacheRule({ host: values.host!, path: values.path });
    const zone = { api: config.CLOUDFLARE_API_URL, zone: values.zone!, token: config.CLOUDFLARE_API_TOKEN };
    const outcome = await applyRule(zone, rule, values["dry-run"]);
    if (values["dry-run"]) process.stdout.write(`${JSON.stringify(rule, null, 2)}\n`);
    process.stdout.write(`cache rule of ${values.host}: ${values["dry-run"] ? "would be " : ""}${outcome}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}

if (values.help) process.stdout.write(HELP);
else process.exitCode = await deploy();
