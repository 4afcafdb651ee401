export type Server = import("fastify").FastifyInstance;
