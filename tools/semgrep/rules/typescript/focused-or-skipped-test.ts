import { describe, expect, test } from "vitest";

// ruleid: focused-or-skipped-test
test.only("a point is told once", () => {});
// ruleid: focused-or-skipped-test
describe.skip("the queue", () => {});
// ruleid: focused-or-skipped-test
test.todo("the queue survives a crash");
// ok: focused-or-skipped-test
test("a point is told once", () => {});
// ok: focused-or-skipped-test
test.each([1, 2])("a point of %d is told once", () => {});
// ok: focused-or-skipped-test
iterator.skip(2);
// ok: focused-or-skipped-test
test.skipIf(process.platform === "darwin")("only on Linux", () => {});
