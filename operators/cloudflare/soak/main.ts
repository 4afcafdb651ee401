import { parseArgs } from "node:util";
import { type Hour, soak, type Soaked } from "./soak.ts";

const help = `Lets the operator work for a day of virtual time, with people, faults and changes of leader, and says what it came to.

  --hours N       of virtual time (24)
  --objects N     Deployments (10000)
  --published S   the share of them that is published, 0 to 1 (0.1)
  --seed N        draws all that happens (1)

Prints a line an hour. Exits with 1 when memory grew, something was exposed, left or not as wished at the end, or the
budget was overrun; with 2 when it does not understand its arguments.
`;

/** What the heap of the last quarter may be, to that of the hours before the middle. */
const GROWTH = 1.05;
const BUDGET = 1200;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
const columns = {
  hour: ({ hour }: Hour) => hour,
  "heap MB": ({ heap }: Hour) => mb(heap),
  timers: ({ timers }: Hour) => timers,
  objects: ({ deployments }: Hour) => deployments,
  routes: ({ routes }: Hour) => routes,
  calls: ({ calls }: Hour) => calls,
  "most in 5 min": ({ most }: Hour) => most,
  "least left": ({ budget }: Hour) => budget,
  drift: ({ drifted }: Hour) => drifted,
  orphans: ({ swept }: Hour) => swept,
  terms: ({ terms }: Hour) => terms,
  exposed: ({ exposed }: Hour) => exposed,
};
const row = (cells: readonly unknown[]) =>
  cells.map((cell, index) => String(cell).padStart(Object.keys(columns)[index]!.length + 2)).join("");

/** What a soak must not have shown, each a sentence. */
function problemsOf({ hours, exposed, unmet, crashes }: Soaked): readonly string[] {
  const grown = growth(hours);
  const most = Math.max(...hours.map((hour) => hour.most));
  return [
    ...exposed.map((what) => `exposed: ${what}`),
    ...unmet,
    ...crashes.map((why) => `a process ended by itself: ${why}`),
    ...(most > BUDGET ? [`${most} calls in five minutes; expected ${BUDGET} at most`] : []),
    ...(grown > GROWTH ? [`the heap grew to ${grown.toFixed(3)} times; expected ${GROWTH} at most`] : []),
  ];
}

/** The heap of the last quarter to that of the second one; 1 for fewer than eight hours. */
function growth(hours: readonly Hour[]): number {
  const quarter = Math.floor(hours.length / 4);
  if (quarter < 2) return 1;
  const mean = (some: readonly Hour[]) => some.reduce((sum, { heap }) => sum + heap, 0) / some.length;
  return mean(hours.slice(-quarter)) / mean(hours.slice(quarter, 2 * quarter));
}

async function main(): Promise<number> {
  const text = { type: "string" } as const;
  const options = { hours: text, objects: text, published: text, seed: text, help: { type: "boolean" } } as const;
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const { hours = "24", objects = "10000", published = "0.1", seed = "1" } = values;
  const given = { hours: Number(hours), objects: Number(objects), published: Number(published), seed: Number(seed) };
  const whole = [given.hours, given.objects].every((number) => Number.isInteger(number) && number > 0);
  if (!whole || !Number.isInteger(given.seed) || !(given.published >= 0 && given.published <= 1)) {
    process.stderr.write(`--hours, --objects and --seed are whole numbers, --published is 0 to 1.\n\n${help}`);
    return 2;
  }
  const startMs = performance.now();
  say(row(Object.keys(columns)));
  const soaked = await soak(given, (hour) => say(row(Object.values(columns).map((cell) => cell(hour)))));
  const problems = problemsOf(soaked);
  say(`heap, last quarter to second quarter: ${growth(soaked.hours).toFixed(3)} (limit ${GROWTH})`);
  say(
    `at the end: ${Object.entries(soaked.states)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ")}`,
  );
  say(`people: ${[...soaked.done].map(([what, count]) => `${count} × ${what}`).join(", ")}`);
  say(`${((performance.now() - startMs) / 1000).toFixed(0)} s of real time`);
  for (const problem of problems) say(`NOT AS IT SHOULD BE: ${problem}`);
  if (problems.length === 0) say("all as wished, no orphan, nothing exposed, budget kept, memory flat");
  return problems.length === 0 ? 0 : 1;
}

process.exit(await main());
