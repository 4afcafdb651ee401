import websocket from "@fastify/websocket";
import cookies from "@fastify/cookie";
import { WebSocketServer } from "ws";

// ruleid: websocket-without-max-payload
await server.register(websocket);
// ruleid: websocket-without-max-payload
await server.register(websocket, { options: { perMessageDeflate: false } });
// ruleid: websocket-without-max-payload
const open = new WebSocketServer({ port: 0 });
// ok: websocket-without-max-payload
await server.register(websocket, { options: { maxPayload: 1024, perMessageDeflate: false } });
// ok: websocket-without-max-payload
await server.register(cookies, { options: {} });
// ok: websocket-without-max-payload
const bounded = new WebSocketServer({ port: 0, maxPayload: 1024 });
// ok: websocket-without-max-payload
const shared = new WebSocketServer({ ...LIMITS, port: 0 });
