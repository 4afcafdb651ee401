import { test } from "vitest";
import "./er/two.ts";

test("two", () => undefined);
