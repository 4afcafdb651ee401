function close(error: Error, fail: (error: Error) => void) {
  // ruleid: process-exit-in-library
  process.exit(1);
  // ruleid: process-exit-in-library
  process.abort();
  // ruleid: process-exit-in-library
  process.kill(process.pid, "SIGTERM");
  // ok: process-exit-in-library
  process.exitCode = 1;
  // ok: process-exit-in-library
  process.kill(child.pid, "SIGTERM");
  // ok: process-exit-in-library
  fail(error);
  // ok: process-exit-in-library
  child.process.on("exit", close);
}
