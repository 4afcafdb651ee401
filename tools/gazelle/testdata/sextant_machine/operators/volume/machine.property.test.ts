import { expect, test } from "vitest";
import { end } from "./machine.ts";

test("it ends", () => expect(end()).toBeUndefined());
