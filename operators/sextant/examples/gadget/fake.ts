import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Fetch } from "./api.ts";

const bodySchema = Compile(Type.Object({ size: Type.Integer() }));

/** What can go wrong with a call: it is refused, its answer is lost after it was carried out, or the caller dies then. */
export type Fault = "refused" | "lost" | "crash";

/** The API in process, for tests: owner → item. An item is ready at the third look. */
export class FakeItems {
  readonly items = new Map<string, { id: string; size: number; looks: number }>();
  /** How many items there ever were. */
  made = 0;
  calls = 0;
  /** Asked before each call. */
  fault: (call: number) => Fault | undefined = () => undefined;
  /** Ends the process of the caller: it must not be able to do anything any more. */
  crash: () => void = () => {};

  readonly fetch: Fetch = async (url, { method, body }) => {
    const fault = this.fault(this.calls++);
    if (fault === "refused") return new Response("no", { status: 500 });
    const owner = decodeURIComponent(new URL(url).pathname.split("/")[2] ?? "");
    const answer = this.#answer(owner, method ?? "GET", String(body));
    if (fault === undefined) return answer;
    if (fault === "crash") this.crash();
    throw new TypeError("the connection broke");
  };

  #answer(owner: string, method: string, body: string): Response {
    const item = this.items.get(owner);
    if (method === "DELETE") return new Response(null, { status: this.items.delete(owner) ? 204 : 404 });
    if (method === "PUT") {
      const { size } = bodySchema.Parse(JSON.parse(body));
      const id = item?.id ?? `item-${++this.made}`;
      this.items.set(owner, { id, size, looks: 0 });
      return Response.json({ id, size, ready: false });
    }
    if (item === undefined) return new Response(null, { status: 404 });
    return Response.json({ id: item.id, size: item.size, ready: ++item.looks >= 3 });
  }
}
