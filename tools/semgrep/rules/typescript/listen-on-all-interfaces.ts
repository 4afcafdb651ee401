// ruleid: listen-on-all-interfaces
await server.listen({ host: "0.0.0.0", port: 8080 });
// ruleid: listen-on-all-interfaces
server.listen(8080, "::", ready);
// ruleid: listen-on-all-interfaces
server.listen({ port: 0, host: "" });
// ruleid: listen-on-all-interfaces
createServer().listen(0);
// ruleid: listen-on-all-interfaces
createServer(answer).listen({ port: 8080 });
// ok: listen-on-all-interfaces
await server.listen({ host: config.HOST, port: config.PORT });
// ok: listen-on-all-interfaces
createServer().listen(0, "127.0.0.1");
// ok: listen-on-all-interfaces
server.listen({ port: 0, host: "localhost" }, ready);
// ok: listen-on-all-interfaces
player.listen("0.0.0.0");
