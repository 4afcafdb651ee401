import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Job, Outcome } from "./model.ts";
import type { Answer, Question } from "./prettier-worker.ts";

/** A thread that has only a few files to see costs more to start than it saves. */
const FILES_A_THREAD = 6;

/** Prettier in threads that are started when there is work for them and kept until `close`. */
export interface PrettierPool {
  run(jobs: readonly Job[], report: (path: string, outcome: Outcome) => void): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes a pool of one thread a core at most; the longest files go first. `question` says what prettier is asked of a
 * job; `started` is called for each thread. A thread that dies fails the file that it had, and another takes its place.
 */
export function prettierPool(question: (job: Job) => Question, started: () => void): PrettierPool {
  const idle: Worker[] = [];
  const hire = (): Worker => {
    const ready = idle.pop();
    if (ready !== undefined) return ready;
    started();
    return new Worker(new URL("./prettier-worker.ts", import.meta.url));
  };

  const judge = async (job: Job): Promise<Outcome> => {
    const worker = hire();
    try {
      const outcome = toOutcome(await ask(worker, question(job)));
      idle.push(worker);
      return outcome;
    } catch (error) {
      await worker.terminate();
      const message = `prettier's thread ended: ${(error as Error).message}`;
      return { kind: "failed", problems: [{ line: null, column: null, message }] };
    }
  };

  return {
    async run(jobs, report) {
      const queue = [...jobs].sort((a, b) => a.content.length - b.content.length);
      const threads = Math.min(availableParallelism(), Math.ceil(jobs.length / FILES_A_THREAD));
      const drain = async (): Promise<void> => {
        for (let job = queue.pop(); job !== undefined; job = queue.pop()) report(job.path, await judge(job));
      };
      await Promise.all(Array.from({ length: threads }, drain));
    },
    async close() {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}

function toOutcome(answer: Answer): Outcome {
  if ("problem" in answer) return { kind: "failed", problems: [answer.problem] };
  return { kind: "done", content: Buffer.from(answer.text, "utf8") };
}

function ask(worker: Worker, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off("message", answered).off("error", failed).off("exit", ended);
      act();
    };
    const answered = (answer: Answer): void => settle(() => resolve(answer));
    const failed = (error: Error): void => settle(() => reject(error));
    const ended = (code: number): void => settle(() => reject(new Error(`exit status ${code}`)));
    worker.on("message", answered).on("error", failed).on("exit", ended);
    worker.postMessage(question);
  });
}
