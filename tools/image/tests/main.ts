import { readFileSync } from "node:fs";
import { lookup } from "node:dns/promises";
import Fastify from "fastify";

/** A service that tells what it sees of the image that it runs in. */
const server = Fastify();
server.get("/healthz", () => ({ status: "ok" }));
server.get("/self", async () => ({
  uid: process.getuid?.(),
  gid: process.getgid?.(),
  cwd: process.cwd(),
  arch: process.arch,
  node: process.version,
  env: { NODE_ENV: process.env["NODE_ENV"], PORT: process.env["PORT"], HOST: process.env["HOST"] },
  certificates: readFileSync(process.env["SSL_CERT_FILE"]!, "utf8").split("BEGIN CERTIFICATE").length - 1,
  localhost: (await lookup("localhost", { family: 4 }).catch(() => undefined))?.address,
}));

/** Fails on purpose, so that a test sees a stack with the source's name. */
server.get("/stack", () => {
  throw new Error("on purpose");
});
server.setErrorHandler((error: Error, _request, reply) => reply.status(500).send({ stack: error.stack }));

process.once("SIGTERM", () => void server.close().then(() => process.exit(0)));
await server.listen({ host: process.env["HOST"] ?? "127.0.0.1", port: Number(process.env["PORT"]) });
console.log("listening");
