import { expect, test } from "vitest";
import { valueOf } from "../errors.ts";
import { type Live } from "../object.ts";
import { kindOf, named, widgets, type Setting } from "./setting.ts";

/** Server-side apply. */
export function apply(it: () => Setting): void {
  test("apply creates, and takes back the fields that it names no more", async () => {
    const options = { fieldManager: "kit" };
    valueOf("apply", await it().maps.apply(named("applied"), { data: { a: "1", b: "2" } }, options));
    valueOf("merge", await it().maps.merge(named("applied"), { data: { other: "x" } }, { fieldManager: "other" }));
    const after = valueOf("apply", await it().maps.apply(named("applied"), { data: { a: "1" } }, options));
    expect(after.data).toEqual({ a: "1", other: "x" });
  });

  test("apply of a field that another manager set is a conflict, unless it is forced", async () => {
    await it().maps.create(named("owned"), { data: { a: "theirs" } }, { fieldManager: "other" });
    const fields = { data: { a: "ours" } };
    expect(kindOf(await it().maps.apply(named("owned"), fields, { fieldManager: "kit" }))).toBe("Conflict");
    const forced = valueOf(
      "apply",
      await it().maps.apply(named("owned"), fields, { fieldManager: "kit", force: true }),
    );
    expect(forced.data).toEqual({ a: "ours" });
    const agreed = valueOf("apply", await it().maps.apply(named("owned"), fields, { fieldManager: "third" }));
    expect(agreed.data).toEqual({ a: "ours" });
    const left = valueOf("apply", await it().maps.apply(named("owned"), {}, { fieldManager: "kit" }));
    expect(left.data).toEqual({ a: "ours" });
  });

  test("apply owns single finalizers, and leaves those of others", async () => {
    await it().make("finalized", { metadata: { finalizers: ["other.example/keep"] } });
    const ours = { metadata: { finalizers: ["kit.example/clean"] } };
    const both = valueOf("apply", await it().maps.apply(named("finalized"), ours, { fieldManager: "kit" }));
    expect([...both.metadata.finalizers!].sort()).toEqual(["kit.example/clean", "other.example/keep"]);
    const theirs = valueOf("apply", await it().maps.apply(named("finalized"), {}, { fieldManager: "kit" }));
    expect(theirs.metadata.finalizers).toEqual(["other.example/keep"]);
    await it().maps.merge(named("finalized"), { metadata: { finalizers: null } });
  });

  test("apply to the status leaves the specification alone, and makes nothing", async () => {
    const gadgets = it().server.api<Live<{ spec?: { size?: number }; status?: { ready?: boolean } }>>(widgets);
    const options = { fieldManager: "kit", subresource: "status" } as const;
    expect(kindOf(await gadgets.apply(named("absent"), { status: { ready: true } }, options))).toBe("NotFound");
    valueOf("create", await gadgets.create(named("gadget"), { spec: { size: 1 } }));
    const fields = { spec: { size: 9 }, status: { ready: true } };
    const applied = valueOf("apply", await gadgets.apply(named("gadget"), fields, options));
    expect([applied.spec, applied.status, applied.metadata.generation]).toEqual([{ size: 1 }, { ready: true }, 1]);
  });
}
