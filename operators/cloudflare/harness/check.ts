import { parseArgs } from "node:util";
import { cloudflareActions, kubernetesActions, oneDeployment } from "./actions.ts";
import { explore } from "./explore.ts";
import { storm } from "./storm.ts";
import { operator } from "./subject.ts";
import { harnessFaults } from "./types.ts";

const help = `Checks the operator at every call, with every fault, and prints the runs that show what must not be.

  --share S    the share of pairs of an action and a fault that are tried, 0 to 1 (0.02)
  --seed N     draws them (1)
  --storms N   runs in which much happens at once (20)
  --action T   only actions whose name holds this text

Exits with 1 when something was found, with 2 when it does not understand its arguments.
`;

const actions = [...kubernetesActions, ...cloudflareActions];
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function check(share: number, seed: number, storms: number, text: string): Promise<boolean> {
  let clean = true;
  const startMs = performance.now();
  const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
  for (const action of actions.filter(({ name }) => name.includes(text))) {
    const { runs, calls, findings } = await explore({
      operator,
      setUp: oneDeployment,
      actions: [action],
      faults: harnessFaults,
      sample: { seed, share },
      progress: (done) => say(`${action.name}: ${done} runs, ${seconds()}`),
    });
    say(`${action.name}: ${runs} runs, ${calls} calls, ${findings.length} findings, ${seconds()}`);
    for (const { name, trace } of findings) say(`${name}\n${trace.join("\n")}`);
    clean &&= findings.length === 0;
  }
  for (let storm = 0; storm < storms; storm++) clean = (await oneStorm(seed + storm)) && clean;
  say(`${storms} storms, ${seconds()}`);
  return clean;
}

async function oneStorm(seed: number): Promise<boolean> {
  const run = { operator, setUp: oneDeployment, seed, among: actions, actions: 6, calls: 150, share: 0.1 };
  const { problems } = await storm(run);
  if (problems.length === 0) return true;
  say(`storm ${seed}\n${(await storm({ ...run, trace: true })).trace.join("\n")}`);
  return false;
}

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const options = { share: text, seed: text, storms: text, action: text, help: { type: "boolean" } } as const;
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    const [share, seed, storms] = [values.share ?? 0.02, values.seed ?? 1, values.storms ?? 20].map(Number);
    if (!(share! >= 0 && share! <= 1) || !Number.isInteger(seed) || !(Number.isInteger(storms) && storms! >= 0))
      throw new TypeError("--share is 0 to 1, --seed and --storms are whole numbers");
    return (await check(share!, seed!, storms!, values.action ?? "")) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${help}`);
    return 2;
  }
}

process.exitCode = await main();
