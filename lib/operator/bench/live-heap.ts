import { Session } from "node:inspector/promises";

/** Bytes of this process's heap that are in use, after a whole garbage collection. */
export async function liveHeap(): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.collectGarbage");
    await session.post("HeapProfiler.collectGarbage");
    return process.memoryUsage().heapUsed;
  } finally {
    session.disconnect();
  }
}
