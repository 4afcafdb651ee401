import { test } from "vitest";
import { a } from "./a.ts";
import { WebSocket } from "./helper.ts";
import read from "./testdata/read.json" with { type: "json" };

test("one", () => void [a, WebSocket, read]);
