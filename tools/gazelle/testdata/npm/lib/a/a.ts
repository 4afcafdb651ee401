import type { Feature } from "geojson";
import { type WebSocket } from "ws";

export { fastify } from "fastify";
export type Place = Feature | WebSocket;
