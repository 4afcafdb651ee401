import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** WebGL on the CPU, so that maps render on a machine without a graphics card; no sandbox, because tests run as root in containers. */
const FLAGS = [
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
];

/** Where Chromium is: a browser's file, or the folder that `//tools/chromium` unpacks. */
export interface ChromiumOptions {
  readonly executable: string;
}

/** The environment of the browser: its own libraries and fonts where they lie beside it, and a home that is thrown away. */
function environment(executable: string, home: string): Record<string, string> {
  const folder = dirname(executable);
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const env: Record<string, string> = {
    ...Object.fromEntries(inherited),
    HOME: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
  };
  if (existsSync(join(folder, "lib"))) env["LD_LIBRARY_PATH"] = `${join(folder, "lib")}:${folder}`;
  if (existsSync(join(folder, "fonts.conf"))) env["FONTCONFIG_FILE"] = join(folder, "fonts.conf");
  return env;
}

/**
 * Starts a headless Chromium with WebGL2 by SwiftShader. It loads nothing from outside and leaves nothing behind: `close()` also removes its home.
 * Tests find it by the environment variable `CHROMIUM_BIN`.
 */
export async function launchChromium({ executable }: ChromiumOptions): Promise<Browser> {
  const given = resolve(executable);
  const path = existsSync(join(given, "chromium")) ? join(given, "chromium") : given;
  if (!existsSync(path)) {
    throw new Error(
      `no Chromium at ${path}: set CHROMIUM_BIN to a browser or to the folder that \`bazel build //tools/chromium\` makes`,
    );
  }
  const home = await mkdtemp(join(tmpdir(), "chromium-"));
  const browser = await chromium.launch({
    executablePath: path,
    args: FLAGS,
    env: environment(path, home),
    timeout: 60_000,
  });
  browser.on("disconnected", () => void rm(home, { recursive: true, force: true, maxRetries: 3 }));
  return browser;
}
