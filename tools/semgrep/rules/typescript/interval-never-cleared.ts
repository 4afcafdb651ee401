// ruleid: interval-never-cleared
setInterval(poll, 1_000);

function start() {
  // ruleid: interval-never-cleared
  const timer = setInterval(() => poll(), 1_000);
  logger.info("polling");
}
function startAndStop() {
  // ok: interval-never-cleared
  const timer = setInterval(() => poll(), 1_000);
  return () => clearInterval(timer);
}
function insideStop() {
  // ok: interval-never-cleared
  const timer = setInterval(() => poll(), 1_000);
  return {
    close() {
      clearInterval(timer);
    },
  };
}
function watch() {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    // ok: interval-never-cleared
    timer = setInterval(() => poll(), 1_000);
  };
  const end = () => clearInterval(timer);
  return { begin, end };
}
function stopFirst() {
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    clearInterval(timer);
  };
  const begin = () => {
    // ok: interval-never-cleared
    timer = setInterval(() => poll(), 1_000);
  };
  return { begin, end };
}
// ok: interval-never-cleared
setInterval(poll, 1_000).unref();
// ok: interval-never-cleared
setTimeout(poll, 1_000);
