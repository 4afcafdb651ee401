// ruleid: async-listener-without-catch
socket.on("message", async (data) => {
  await store.add(data);
});
// ruleid: async-listener-without-catch
process.once("SIGTERM", async () => {
  await server.close();
});
// ruleid: async-listener-without-catch
setInterval(async () => {
  await poll();
}, 1_000).unref();
// ruleid: async-listener-without-catch
signal.addEventListener("abort", async () => {
  try {
    await flush();
  } finally {
    await close();
  }
});
// ok: async-listener-without-catch
socket.on("message", async (data) => {
  try {
    await store.add(data);
  } catch (error) {
    fail(error);
  }
});
// ok: async-listener-without-catch
socket.on("message", (data) => void store.add(data).catch(fail));
// ok: async-listener-without-catch
process.once("SIGTERM", () => {
  controller.abort();
});
// ok: async-listener-without-catch
server.get("/api/points", async () => {
  return await store.points();
});
