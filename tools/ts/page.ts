import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix, relative } from "node:path";
import * as esbuild from "esbuild";
import { bundle, linkedRoot } from "./sandbox.ts";

/** Options that the page's scripts and its workers share. */
const browser: esbuild.BuildOptions = {
  bundle: true,
  platform: "browser",
  format: "esm",
  target: ["chrome120", "firefox121", "safari17"],
  minify: true,
  legalComments: "none",
  jsx: "automatic",
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".woff2": "file", ".png": "file", ".svg": "file" },
};

/** `import url from "x?worker&url"`: bundles x as a script of its own and gives its URL, as Vite does. */
function workers(): esbuild.Plugin {
  const suffix = "?worker&url";
  return {
    name: "workers",
    setup(build) {
      build.onResolve({ filter: /\?worker&url$/ }, async ({ path, ...options }) => {
        const { path: worker, errors } = await build.resolve(path.slice(0, -suffix.length), options);
        return { path: worker, errors, namespace: "worker" };
      });
      build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
        const { outputFiles } = await esbuild.build({
          ...browser,
          absWorkingDir: build.initialOptions.absWorkingDir!,
          entryPoints: [path],
          outdir: ".",
          write: false,
        });
        return { contents: outputFiles[0]!.contents, loader: "file" };
      });
    },
  };
}

/** Replaces the page's reference to its entry point by the built script and the style sheet that goes with it. */
function link(html: string, entryPoint: string, script: string, style: string | undefined): string {
  const reference = `src="./${entryPoint}"`;
  if (!html.includes(reference)) throw new Error(`the page has no <script type="module" ${reference}></script>`);
  const linked = html.replace(reference, `src="./${script}"`);
  return style === undefined
    ? linked
    : linked.replace("</head>", `  <link rel="stylesheet" href="./${style}" />\n  </head>`);
}

/** Bundles a page with all that it loads into `out`; assets are copied beside it under their own names. */
export async function bundleSite(entry: string, html: string, out: string, assets: readonly string[]): Promise<void> {
  const metafile = await bundle(await linkedRoot(entry), {
    ...browser,
    splitting: true,
    sourcemap: "linked",
    sourcesContent: true,
    outdir: out,
    entryPoints: [entry],
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    plugins: [workers()],
  });
  const [path, output] = Object.entries(metafile.outputs).find(([, one]) => one.entryPoint === entry) ?? [];
  if (!path || !output) throw new Error(`esbuild wrote no script for ${entry}`);
  const within = (file: string) => posix.normalize(relative(out, file));
  const style = output.cssBundle === undefined ? undefined : within(output.cssBundle);
  const name = relative(dirname(html), entry);
  await writeFile(join(out, "index.html"), link(await readFile(html, "utf8"), name, within(path), style));
  for (const asset of assets) await copyFile(asset, join(out, basename(asset)));
}
