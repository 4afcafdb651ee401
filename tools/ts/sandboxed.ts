import type { Plugin } from "esbuild";

/**
 * Keeps esbuild inside Bazel's sandbox. Its resolver follows symbolic links, and the files of a sandbox are links into the output base:
 * without this, paths of the machine reach the bundle and files are read that the action did not declare. A resolved path under another
 * `bazel-out` is put back under the one that the action runs in, which is the working directory's.
 */
export function sandboxed(cwd: string = process.cwd()): Plugin {
  const marker = "/bazel-out/";
  const at = cwd.indexOf(marker);
  const root = at < 0 ? undefined : cwd.slice(0, at + marker.length);
  return {
    name: "sandboxed",
    setup(build) {
      if (root === undefined) return;
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, ...options }) => {
        if (pluginData === marker || options.kind === "entry-point") return undefined;
        const resolved = await build.resolve(path, { ...options, pluginData: marker });
        const outside = resolved.path.lastIndexOf(marker);
        if (resolved.errors.length > 0) return undefined; // esbuild then says it itself, and forgives it inside try { require() }
        if (resolved.external || outside < 0 || resolved.path.startsWith(root)) return resolved;
        return { ...resolved, path: root + resolved.path.slice(outside + marker.length) };
      });
    },
  };
}
