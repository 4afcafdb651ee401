import { test } from "vitest";

test("it runs", () => import("./check.ts"));
