import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import { bundle, linkedRoot } from "./sandbox.ts";

const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** Options that every bundle of a Node program shares. */
const node: esbuild.BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node26",
  format: "esm",
  logLevel: "warning",
};

/** The npm packages that a program imports, by the names that it imports them under. */
async function npmImports(root: string, entryPoint: string, native: readonly string[]): Promise<string[]> {
  const { metafile } = await esbuild.build({
    ...node,
    absWorkingDir: root,
    entryPoints: [entryPoint],
    packages: "external",
    outdir: ".",
    metafile: true,
    write: false,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const names = imports.filter((one) => one.external && !one.path.startsWith("node:")).map((one) => one.path);
  return [...new Set(names)].filter((name) => !native.includes(name)).sort();
}

/**
 * Bundles a Node program into `<outdir>/<app>/main.mjs` and, for the npm packages that it imports, `<outdir>/<vendor>/*.mjs`.
 * A second entry point that imports all those packages makes esbuild put them into a chunk of their own: a change in our code leaves
 * the vendor folder as it was, byte for byte, so that an image layer made of it is not uploaded again.
 *
 * Packages that `native` names stay imports: they hold programs of a platform, and lie in a node_modules beside the bundle.
 */
export async function bundleService(
  entryPoint: string,
  outdir: string,
  app: string,
  vendor: string,
  native: readonly string[] = [],
): Promise<void> {
  const root = await linkedRoot(entryPoint);
  const packages = await npmImports(root, entryPoint, native);
  const everything = packages.map((name, i) => `import * as p${i} from ${JSON.stringify(name)};`);
  const used = `globalThis.__vendor = [${packages.map((_, i) => `p${i}`).join(", ")}];`;
  await bundle(root, {
    ...node,
    splitting: packages.length > 0,
    entryPoints: [
      { in: entryPoint, out: `${app}/main` },
      ...(packages.length > 0 ? [{ in: "vendor:all", out: `${vendor}/all` }] : []),
    ],
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: `${vendor}/[name]-[hash]`,
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    banner: { js: REQUIRE },
    external: [...native],
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "vendor",
        setup(build) {
          build.onResolve({ filter: /^vendor:all$/ }, () => ({ path: "all", namespace: "vendor" }));
          build.onLoad({ filter: /.*/, namespace: "vendor" }, () => ({
            contents: [...everything, used].join("\n"),
            resolveDir: join(root, entryPoint.slice(0, -basename(entryPoint).length)),
          }));
        },
      },
    ],
  });
}
