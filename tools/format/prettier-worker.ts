import { parentPort } from "node:worker_threads";
import * as prettier from "prettier";
import type { Problem } from "./model.ts";

/** What a worker is asked: the absolute name of the file and of the configuration (null: prettier's own choices). */
export interface Question {
  readonly file: string;
  readonly config: string | null;
  readonly text: string;
}

/** What a worker answers: the text as prettier wants it, or what is wrong with it. */
export type Answer = { readonly text: string } | { readonly problem: Problem };

parentPort?.on("message", (question: Question) => {
  answer(question).then((said) => parentPort?.postMessage(said));
});

async function answer({ file, config, text }: Question): Promise<Answer> {
  try {
    const options = config === null ? {} : await prettier.resolveConfig(file, { config, editorconfig: false });
    return { text: await prettier.format(text, { ...options, filepath: file }) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  const { message, loc } = error as Error & { loc?: { start?: { line: number; column: number } } };
  const at = loc?.start;
  const first = message.split("\n", 1)[0] ?? message;
  return { line: at?.line ?? null, column: at?.column ?? null, message: first.replace(/ \(\d+:\d+\)$/, "") };
}
