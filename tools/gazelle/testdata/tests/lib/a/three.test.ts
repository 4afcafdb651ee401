import { test } from "vitest";
import input from "./testdata/input.json" with { type: "json" };
import { fake } from "./testdata/fake.ts";

test("three", () => void [input, fake]);
