import { test } from "node:test";
import { readLocks } from "./read.ts";
import { refused } from "./testing.ts";

test("a lockfile of a kind that is not supported is refused, with those that are", () => {
  for (const file of ["Cargo.lock", "a/Gemfile.lock", "pnpm-lock.json", "requirements.in"]) {
    refused(
      () => readLocks([{ file, text: "" }]),
      `${file}: this kind of lockfile is not supported`,
      "pnpm-lock.yaml, package-lock.json, npm-shrinkwrap.json, yarn.lock, uv.lock, poetry.lock, *requirements*.txt, Pipfile.lock, go.mod",
    );
  }
});
