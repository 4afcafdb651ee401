// ruleid: console-in-service
console.log("listening");
// ruleid: console-in-service
console.error(error);
// ruleid: console-in-service
loop.catch((error) => console.warn("failed", error));
// ok: console-in-service
logger.info({ url }, "listening");
// ok: console-in-service
terminal.console.log("shown");
// ok: console-in-service
console.time("replay");
