import fastify from "fastify";

export const fake = fastify();
