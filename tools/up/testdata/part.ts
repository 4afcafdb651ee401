import { spawn } from "node:child_process";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * A stand-in for a part. The environment says how it behaves:
 * JOURNAL (a file that gets a line for each thing that happens), NAME, PORT, and
 * CRASH=always|once, STUBBORN (ignores SIGTERM), FORK=group|session (leaves a child behind), NEVER_READY.
 */
const { NAME = "part", PORT, JOURNAL, CRASH, STUBBORN, FORK, NEVER_READY } = process.env;
const journal = (what: string) => void (JOURNAL && appendFileSync(JOURNAL, `${NAME} ${what} ${process.pid}\n`));

journal("started");
process.on("SIGTERM", () => {
  journal("asked to stop");
  if (!STUBBORN) process.exit(0);
});

if (FORK) {
  const code = `process.on("SIGTERM",()=>{});process.title="left";setInterval(()=>{},1000)`;
  const left = spawn(process.execPath, ["-e", code], { detached: FORK === "session", stdio: "ignore" });
  left.unref();
  journal(`forked ${left.pid}`);
}
if (CRASH === "always") {
  console.error("cannot open the frobnicator");
  process.exit(3);
}
createServer((request, response) => {
  if (request.url === "/crash") process.exit(4);
  response.statusCode = NEVER_READY ? 503 : 200;
  response.end("ok\n");
}).listen(Number(PORT), "127.0.0.1", () => {
  console.log(JSON.stringify({ level: "info", msg: "listening", port: PORT }));
  if (CRASH === "once" && !existsSync("crashed")) {
    writeFileSync("crashed", "");
    setTimeout(() => process.exit(5), 300);
  }
});
