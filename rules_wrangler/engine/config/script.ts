import { gzipSync } from "node:zlib";
import { init, parse } from "es-module-lexer";
import { LIMITS } from "../limits.ts";

/** What is wrong with the built script of a Worker: that it is no module with a handler, that it is not bundled, its size. */
export async function scriptFaults(script: Buffer, flags: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const compressed = gzipSync(script).length;
  if (script.length > LIMITS.scriptBytes) faults.push(`expected at most 64 MiB, found ${mebibytes(script.length)}`);
  if (compressed > LIMITS.scriptCompressedBytes)
    faults.push(`expected at most 10 MiB compressed, found ${mebibytes(compressed)}`);
  if (faults.length > 0) return faults;
  await init;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(script.toString());
  } catch (error) {
    return [`expected an ES module: ${(error as Error).message}`];
  }
  const [imports, exports] = parsed;
  if (!exports.some(({ n }) => n === "default"))
    faults.push(
      "expected a module with a default export, such as `export default { fetch }`; Cloudflare calls nothing else",
    );
  const foreign = imports.flatMap(({ n }) => (n === undefined || isProvided(n, flags) ? [] : [n]));
  for (const name of new Set(foreign)) faults.push(foreignFault(name));
  return faults;
}

function isProvided(name: string, flags: readonly string[]): boolean {
  if (name.startsWith("node:")) return flags.some((flag) => /^nodejs_(compat|als|compat_v2)$/.test(flag));
  return name.startsWith("cloudflare:");
}

function foreignFault(name: string): string {
  if (name.startsWith("node:")) return `imports ${name}: expected nodejs_compat among the compatibility_flags`;
  return `imports ${name}: expected one file; bundle the script`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
