import type { FastifyInstance } from "fastify";

export const buildServer = (app: FastifyInstance) => app;
