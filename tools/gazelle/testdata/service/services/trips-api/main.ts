import fastify from "fastify";
import { buildServer } from "./server.ts";

buildServer(fastify());
