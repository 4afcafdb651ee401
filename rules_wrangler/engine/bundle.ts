/** Makes one file of a program: `bundle.ts ENTRY OUT [worker]`, paths relative to the working directory; `worker` is for Cloudflare's runtime, else Node. */
import { createRequire, isBuiltin } from "node:module";
import { dirname, resolve } from "node:path";
import * as esbuild from "esbuild";

const [entry = "", out = "", runtime = "node"] = process.argv.slice(2);

/** Node finds the files, since esbuild by itself follows links out of Bazel's sandbox, to files that no target declares. */
const insideSandbox: esbuild.Plugin = {
  name: "inside-sandbox",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      if (kind === "entry-point") return { path: resolve(path) };
      if (isBuiltin(path)) return { path, external: true };
      if (path.startsWith(".") && importer.includes("/jsonc-parser/"))
        return { path: resolve(dirname(importer), `${path.replace(/\.js$/, "")}.js`) };
      if (path.endsWith(".ts")) return { path: resolve(dirname(importer), path) };
      const found = createRequire(importer).resolve(path);
      // Its CommonJS form calls `require` by another name, which no bundler sees through.
      return { path: path === "jsonc-parser" ? found.replace("/umd/", "/esm/") : found };
    });
  },
};

/** CommonJS packages want `require`, which modules of Node have to make. */
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

await esbuild.build({
  ...(runtime === "node" ? { banner: { js: banner }, keepNames: true } : {}),
  bundle: true,
  entryPoints: [entry],
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  minifySyntax: true,
  minifyWhitespace: true,
  outfile: out,
  platform: runtime === "node" ? "node" : "neutral",
  plugins: [insideSandbox],
  target: runtime === "node" ? "node22" : "es2024",
});
