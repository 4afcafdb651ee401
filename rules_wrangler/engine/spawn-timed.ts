import { spawn } from "node:child_process";

/** Runs a program to its end and says how many milliseconds it took; what it says is shown only when it fails. */
export function spawnTimed(
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<number> {
  const begin = performance.now();
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", (status) => {
      if (status === 0) done(performance.now() - begin);
      else fail(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${said}`));
    });
  });
}
