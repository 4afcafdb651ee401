import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PlatformImage } from "../layout.ts";
import { unpack } from "./archive.ts";

/** A platform's processor as Node names it, and the emulator for machines that have another. */
export const ARCHITECTURES: Record<string, { node: string; emulator: string }> = {
  "linux/amd64": { node: "x64", emulator: process.env["QEMU_X86_64_BIN"]! },
  "linux/arm64": { node: "arm64", emulator: process.env["QEMU_AARCH64_BIN"]! },
};

/**
 * Starts an image as a container engine would: in its own root and working directory, as its user, with its environment and nothing
 * else. User namespaces make the root without privileges; it cannot be written to. Another machine's programs run in an emulator,
 * which is the only file that is added. `root` is a folder that does not exist yet.
 */
export function start(
  layout: string,
  image: PlatformImage,
  root: string,
  environment: Readonly<Record<string, string>>,
): { child: ChildProcess; output: () => string } {
  mkdirSync(root, { recursive: true });
  unpack(layout, image, root);
  const { node, emulator } = ARCHITECTURES[image.platform]!;
  const emulated = node !== process.arch;
  if (emulated) {
    chmodSync(root, 0o755);
    copyFileSync(resolve(emulator), join(root, "emulator"));
    chmodSync(join(root, "emulator"), 0o555);
    chmodSync(root, 0o555);
  }
  const { Entrypoint, Env, User, WorkingDir } = image.config.config;
  const [uid, gid] = User!.split(":");
  const env = Object.fromEntries(
    Env!.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const namespace = ["--user", `--map-user=${uid}`, `--map-group=${gid}`, `--root=${root}`, `--wd=${WorkingDir}`, "--"];
  const command = [...namespace, ...(emulated ? ["/emulator"] : []), ...Entrypoint!];
  const child = spawn("/usr/bin/unshare", command, {
    env: { ...env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (text) => (output += text));
  return { child, output: () => output };
}

/** Deletes what {@link start} has unpacked, which cannot be written to, in the background. */
export function removeRoot(root: string): void {
  if (!existsSync(root)) return;
  spawn("chmod", ["-R", "u+w", root]).on("exit", () => rmSync(root, { recursive: true, force: true }));
}
