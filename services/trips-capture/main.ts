import { runCommand } from "./commands.ts";

await runCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  exit: (status) => (process.exitCode = status),
});
