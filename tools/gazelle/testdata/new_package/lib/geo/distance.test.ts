import { expect, test } from "vitest";
import { metres } from "./distance.ts";

test("a metre is one metre", () => expect(metres).toBe(1));
