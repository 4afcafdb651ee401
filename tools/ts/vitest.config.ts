import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";

const xml = process.env["XML_OUTPUT_FILE"];

/** How every ts_test runs: one process, no watching, results for Bazel where it asks for them, nothing written beside the sources. */
export default defineConfig({
  cacheDir: `${process.env["TEST_TMPDIR"] ?? tmpdir()}/vite`,
  server: { watch: null },
  test: {
    fileParallelism: false,
    isolate: false,
    pool: "forks",
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: xml ? ["default", ["junit", { outputFile: xml }]] : ["default"],
  },
});
