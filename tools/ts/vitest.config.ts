import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";

const xml = process.env["XML_OUTPUT_FILE"];
/** What Bazel gives the whole target, less what vitest needs to say which test hung. On a busy machine any test may take long. */
const limitMs = Number(process.env["TEST_TIMEOUT"] ?? 300) * 900;

/**
 * Keeps what a test imports inside its runfiles. Vite's resolver is native code that follows the sandbox's links into the output base,
 * where files stand that the test does not declare: a path that it finds there is put back under the working directory.
 */
function sandboxed(): Plugin {
  const root = process.cwd();
  const bin = process.env["JS_BINARY__BINDIR"];
  const inside = (id: string): string => {
    const [file = id, query = ""] = id.split(/(?=\?)/);
    const at = bin === undefined ? -1 : file.lastIndexOf(`/${bin}/`);
    return at < 0 || file.startsWith(root) ? id : join(root, file.slice(at + bin!.length + 2)) + query;
  };
  return {
    name: "sandboxed",
    enforce: "pre",
    async resolveId(source, importer, options) {
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && !found.external ? { ...found, id: inside(found.id) } : found;
    },
  };
}

/** How every ts_test runs: one process, no watching, results for Bazel where it asks for them, nothing written beside the sources. */
export default defineConfig({
  cacheDir: `${process.env["TEST_TMPDIR"] ?? tmpdir()}/vite`,
  plugins: [sandboxed()],
  server: { watch: null },
  test: {
    exclude: ["**/node_modules/**", "**/.bazel/**", "**/testdata/**"],
    fileParallelism: false,
    isolate: false,
    pool: "forks",
    passWithNoTests: false,
    testTimeout: limitMs,
    hookTimeout: limitMs,
    expect: { poll: { timeout: limitMs / 4 } },
    reporters: xml ? ["default", ["junit", { outputFile: xml }]] : ["default"],
  },
});
