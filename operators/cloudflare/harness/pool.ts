import { Worker } from "node:worker_threads";
import type { Explored } from "./explore.ts";
import type { Task } from "./worker.ts";

/**
 * Does tasks on threads, and tells what each came to in the order of the tasks, whichever ends first, until it is
 * enough: the same tasks tell the same, however many threads there are.
 * @throws Error when a thread ends, or a task fails
 */
export async function doAll(
  tasks: readonly Task[],
  threads: number,
  told: (explored: Explored, done: number) => void,
  isEnough: () => boolean,
): Promise<void> {
  const results = new Map<number, Explored>();
  let next = 0;
  let passed = 0;
  const drain = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    try {
      while (next < tasks.length && !isEnough()) {
        const index = next++;
        results.set(index, await ask(worker, tasks[index]!));
        for (let ready = results.get(passed); ready !== undefined && !isEnough(); ready = results.get(passed)) {
          results.delete(passed++);
          told(ready, passed);
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, drain));
}

function ask(worker: Worker, task: Task): Promise<Explored> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off("message", answered).off("error", failed).off("exit", ended);
      act();
    };
    const answered = (explored: Explored): void => settle(() => resolve(explored));
    const failed = (error: Error): void => settle(() => reject(error));
    const ended = (code: number): void =>
      settle(() => reject(new Error(`A thread ended with ${code} while it did ${JSON.stringify(task)}.`)));
    worker.on("message", answered).on("error", failed).on("exit", ended);
    worker.postMessage(task);
  });
}
