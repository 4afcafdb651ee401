import type { WebSocket } from "ws";

export const write = (to: WebSocket | number) => to;
