// ruleid: route-without-schema
server.get("/api/points/:id", (request) => store.point(request.params.id));
// ruleid: route-without-schema
server.post("/api/points", async ({ body }, reply) => {
  await store.add(body);
});
// ruleid: route-without-schema
server.get("/api/live", { websocket: true }, (socket, request) => {
  live.join(socket, request.query.after);
});
// ok: route-without-schema
server.get("/api/points/:id", { schema: { params } }, (request) => store.point(request.params.id));
// ok: route-without-schema
server.get("/api/live", { websocket: true, schema: { querystring } }, (socket, request) => {
  live.join(socket, request.query.after);
});
// ok: route-without-schema
server.get("/healthz", () => ({ status: "live" }));
// ok: route-without-schema
server.get("/api/preset", { schema }, ({ query }) => query);
// ok: route-without-schema
cache.get("/api/points", (entry) => entry.params);
