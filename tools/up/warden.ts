import { markedProcesses, signalGroup, signalMarked } from "./processes.ts";

/**
 * Ends every part when `up` itself ends, however it ended: `node warden.ts <run>` reads `+<group>` and `-<group>`
 * lines from standard input, and the kernel closes that pipe even after a kill -9. It runs in a session of its own.
 */
const run = process.argv[2] ?? "";
const GRACE_MS = 5_000;
const groups = new Set<number>();
let rest = "";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => {});
process.chdir("/");

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const group = Number(line.slice(1));
    if (line.startsWith("+")) groups.add(group);
    else groups.delete(group);
  }
});
process.stdin.on("error", () => void endEverything());
process.stdin.on("end", () => void endEverything());

function signalAll(signal: NodeJS.Signals): number {
  const inGroups = [...groups].filter((group) => signalGroup(group, signal)).length;
  return inGroups + signalMarked(run, undefined, signal);
}

async function endEverything(): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  let left = signalAll("SIGTERM");
  while (left > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const group of groups) if (!signalGroup(group, 0)) groups.delete(group);
    left = Date.now() > deadline ? signalAll("SIGKILL") : groups.size + markedProcesses(run).length;
  }
  process.exit(0);
}
