import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import * as esbuild from "esbuild";

/**
 * The folder that esbuild sees as the working directory. The files of Bazel's sandbox are links into the output base, and esbuild
 * follows links: what it calls the working directory must be where the links lead, or paths of the machine would reach the bundle.
 */
export async function linkedRoot(entryPoint: string): Promise<string> {
  const { metafile } = await esbuild.build({
    absWorkingDir: process.cwd(),
    entryPoints: [entryPoint],
    metafile: true,
    write: false,
    outdir: ".",
    logLevel: "silent",
  });
  const [input = entryPoint] = Object.keys(metafile.inputs);
  return resolve(input).slice(0, -entryPoint.length - 1);
}

/**
 * Runs esbuild from `root` and writes what it makes below the real working directory.
 *
 * @throws when it read a file that the action does not declare: the sandbox does not have it, only the machine that builds does
 */
export async function bundle(
  root: string,
  options: esbuild.BuildOptions & { outdir: string },
): Promise<esbuild.Metafile> {
  const { metafile, outputFiles } = await esbuild.build({
    ...options,
    absWorkingDir: root,
    outdir: join(root, options.outdir),
    metafile: true,
    write: false,
  });
  const undeclared = Object.keys(metafile.inputs).filter((path) => !path.includes(":") && !existsSync(path));
  if (undeclared.length > 0)
    throw new Error(`these files are not among the srcs and deps of the target: ${undeclared.join(", ")}`);
  for (const { path, contents } of outputFiles) {
    const target = relative(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
  return metafile;
}
