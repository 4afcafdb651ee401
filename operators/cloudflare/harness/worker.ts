import { parentPort } from "node:worker_threads";
import { type Block, type Explored, exploreBlock } from "./explore.ts";
import { explorationOf, type Plan, scenarios, type Setting, subjects } from "./plans.ts";
import { runOnce } from "./run.ts";
import { nameOf } from "./explore.ts";
import { stormOf } from "./storm.ts";

/** What a thread is asked to do. */
export type Task =
  | { readonly kind: "block"; readonly plan: Plan; readonly block: Block }
  | { readonly kind: "storm"; readonly setting: Setting; readonly seed: number; readonly long: boolean };

/** Does a task. */
export async function work(task: Task): Promise<Explored> {
  if (task.kind === "block") return await exploreBlock(explorationOf(task.plan), task.block);
  const subject = subjects[task.setting.subject];
  const scenario = scenarios[task.setting.scenario];
  const size = task.long ? { actions: 20, calls: 500, share: 0.05 } : { actions: 6, calls: 150, share: 0.1 };
  const run = { subject, scenario, course: stormOf({ scenario, seed: task.seed, ...size }) };
  const { problems, calls } = await runOnce(run);
  if (problems.length === 0) return { runs: 1, calls: calls.length, findings: [] };
  const { trace } = await runOnce({ ...run, trace: true });
  const finding = { name: `storm ${task.seed}: ${nameOf(run.course)}`, course: run.course, problems, trace };
  return { runs: 1, calls: calls.length, findings: [finding] };
}

parentPort?.on("message", (task: Task) => {
  void work(task).then((explored) => parentPort?.postMessage(explored));
});
