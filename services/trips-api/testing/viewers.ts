import { parentPort, workerData } from "node:worker_threads";
import WebSocket from "ws";

/** What the thread of viewers begins with: the service's URL and how many sockets it opens. */
export interface ViewersData {
  readonly url: string;
  readonly viewers: number;
}

/** What it says: that all have been greeted, or that all have a point, and when (milliseconds since 1970) each had it. */
export type ViewersMessage =
  { readonly type: "greeted" } | { readonly type: "seen"; readonly id: string; readonly at: Float64Array };

/** Sockets that watch a service from a thread of their own, so that their work is not the service's. */
const { url, viewers } = workerData as ViewersData;
const say = (message: ViewersMessage) => parentPort!.postMessage(message);
const seen = new Map<string, Float64Array>();
const counts = new Map<string, number>();
const POINT = Buffer.from('{"type":"point"');
const ID = Buffer.from('"id":"');

const now = () => performance.timeOrigin + performance.now();
const sockets = Array.from({ length: viewers }, () => new WebSocket(`${url.replace("http", "ws")}/api/live`));
await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("message", resolve))));
for (const socket of sockets) {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data: Buffer) => {
    const at = now();
    if (!data.subarray(0, POINT.length).equals(POINT)) return;
    const from = data.indexOf(ID) + ID.length;
    const id = data.toString("latin1", from, data.indexOf(0x22, from));
    const times = seen.get(id) ?? new Float64Array(viewers);
    const count = counts.get(id) ?? 0;
    times[count] = at;
    seen.set(id, times);
    counts.set(id, count + 1);
    if (count + 1 === viewers) say({ type: "seen", id, at: times });
  });
}
say({ type: "greeted" });
parentPort!.on("message", () => {
  for (const socket of sockets) socket.terminate();
  parentPort!.close();
});
