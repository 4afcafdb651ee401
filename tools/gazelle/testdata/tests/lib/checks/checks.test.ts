import { test } from "vitest";
import { a } from "#lib/a/a.ts";

test("a folder of tests needs no library", () => void a);
