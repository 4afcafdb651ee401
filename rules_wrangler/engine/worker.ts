import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { parseLines } from "./arguments.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./run.ts";

/** A request of Bazel's JSON worker protocol, as far as it is heeded. */
interface WorkRequest {
  readonly arguments?: readonly string[];
  readonly requestId?: number;
  readonly sandboxDir?: string;
  readonly cancel?: boolean;
}

/**
 * Answers work requests, one JSON object a line, one after the other, until the input ends. What a command says goes into its
 * response; nothing else may reach the output.
 */
export async function serve(
  commands: Readonly<Record<string, Command>>,
  input: Readable,
  respond: (line: string) => void,
): Promise<void> {
  const home = process.cwd();
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    const request = JSON.parse(line) as WorkRequest;
    if (request.cancel === true) continue;
    let output = "";
    const say = (text: string): void => void (output += text);
    if (request.sandboxDir !== undefined && request.sandboxDir !== "") process.chdir(request.sandboxDir);
    const exitCode = await answer(commands, request, say);
    process.chdir(home);
    respond(`${JSON.stringify({ exitCode, output, requestId: request.requestId ?? 0 })}\n`);
  }
}

async function answer(
  commands: Readonly<Record<string, Command>>,
  request: WorkRequest,
  say: (text: string) => void,
): Promise<number> {
  try {
    const { name, params } = parseLines(request.arguments ?? [], "work request");
    return await runCommand(commands, name, params, { args: [], env: {}, say, print: say });
  } catch (error) {
    say(`rules_wrangler: ${(error as Error).message}\n`);
    return 70;
  }
}
