import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { blocksOf, type Explored } from "./explore.ts";
import { explorationOf, faultsOf, type Plan, scenarios, type Setting, subjects } from "./plans.ts";
import { doAll } from "./pool.ts";
import { decodeRun, encodeRun, replay } from "./recorded.ts";
import type { Task } from "./worker.ts";

const help = `Checks the operator at every call, with every fault, and prints the runs that show what must not be.

  --subject S      operator: the harness says who leads; elected: a Lease does, as in a cluster (operator)
  --scenario S     one: a Deployment; several: four, of which two want one hostname (one)
  --share N        the share of runs with a fault, or of pairs, that are done: 0 to 1 (0.02)
  --pairs          after each action another one at each later moment, instead of faults
  --storms N       runs in which much happens at once (0), instead of all that
  --long           longer storms: 20 actions within 500 calls
  --seed N         draws the share, and is the first storm (1)
  --shard I/N      only the I-th of N parts, 0 to N-1 (0/1)
  --threads N      (one a core)
  --most N         ends after so many findings (10)
  --run RECORD     does one run again, as a finding prints it, and shows what happens

Exits with 1 when something was found, with 2 when it does not understand its arguments. The same arguments do the same
runs, however many threads there are.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  ...{
    subject: text,
    scenario: text,
    share: text,
    storms: text,
    seed: text,
    shard: text,
    threads: text,
    most: text,
    run: text,
  },
  ...{ pairs: flag, long: flag, help: flag },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** All that is to be done. @throws TypeError for arguments that mean nothing */
async function tasksOf(values: Values): Promise<{ readonly setting: Setting; readonly tasks: readonly Task[] }> {
  const setting: Setting = {
    subject: oneOf("--subject", values.subject ?? "operator", subjects),
    scenario: oneOf("--scenario", values.scenario ?? "one", scenarios),
  };
  const seed = whole("--seed", values.seed ?? "1");
  const storms = whole("--storms", values.storms ?? "0");
  const share = Number(values.share ?? "0.02");
  if (!(share >= 0 && share <= 1)) throw new TypeError("--share is a number from 0 to 1.");
  if (storms > 0) {
    const long = values.long ?? false;
    const seeds = Array.from({ length: storms }, (_, index) => seed + index);
    return { setting, tasks: seeds.map((one): Task => ({ kind: "storm", setting, seed: one, long })) };
  }
  const plan: Plan = {
    ...setting,
    faults: faultsOf(setting.subject),
    pairs: values.pairs ?? false,
    sample: { seed, share },
  };
  const blocks = await blocksOf(explorationOf(plan));
  return { setting, tasks: blocks.map((block): Task => ({ kind: "block", plan, block })) };
}

async function check(values: Values): Promise<boolean> {
  const { setting, tasks: all } = await tasksOf(values);
  const [shard, shards] = (values.shard ?? "0/1").split("/").map(Number);
  if (!(Number.isInteger(shard) && Number.isInteger(shards) && shard! >= 0 && shard! < shards!))
    throw new TypeError("--shard is I/N, with I from 0 to N-1.");
  const threads = whole("--threads", values.threads ?? String(availableParallelism()));
  const most = whole("--most", values.most ?? "10");
  const tasks = all.filter((_, index) => index % shards! === shard);
  const startMs = performance.now();
  const sum = { runs: 0, calls: 0, findings: 0 };
  let saidMs = startMs;
  const progress = (done: number): string => {
    const seconds = (performance.now() - startMs) / 1000;
    const left = (seconds / done) * (tasks.length - done);
    return `${done} of ${tasks.length} parts, ${sum.runs} runs, ${sum.calls} calls, ${sum.findings} findings, ${seconds.toFixed(0)} s; about ${left.toFixed(0)} s more`;
  };
  const told = ({ runs, calls, findings }: Explored, done: number) => {
    sum.runs += runs;
    sum.calls += calls;
    sum.findings += findings.length;
    for (const { name, course, trace } of findings)
      say(`${name}\n${trace.join("\n")}\n    --run '${encodeRun({ ...setting, course })}'\n`);
    if (performance.now() - saidMs < 5_000 && done < tasks.length) return;
    saidMs = performance.now();
    say(progress(done));
  };
  const isEnough = () => sum.findings >= most;
  await doAll(tasks, Math.max(1, threads), told, isEnough);
  return sum.findings === 0;
}

async function again(record: string): Promise<boolean> {
  const { problems, trace } = await replay(decodeRun(record), true);
  say(trace.join("\n"));
  return problems.length === 0;
}

function whole(name: string, given: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new TypeError(`${name} is a whole number.`);
}

function oneOf<T extends object>(name: string, given: string, known: T): string & keyof T {
  if (Object.hasOwn(known, given)) return given as string & keyof T;
  throw new TypeError(`${name} is one of ${Object.keys(known).join(", ")}.`);
}

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    return (await (values.run === undefined ? check(values) : again(values.run))) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${help}`);
    return 2;
  }
}

process.exitCode = await main();
