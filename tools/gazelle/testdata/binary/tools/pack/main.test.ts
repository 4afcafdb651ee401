import { test } from "vitest";
import { pack } from "./pack.ts";

test("it packs", async () => void [pack(), await import("./main.ts")]);
