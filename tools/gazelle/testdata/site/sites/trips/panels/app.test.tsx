import { readFileSync } from "node:fs";
import { test } from "vitest";
import { App } from "./app.tsx";

test("it renders", () => void [App, readFileSync]);
