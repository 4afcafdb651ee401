import "./made.ts";
import fastify from "fastify";

export { fastify };
