import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type TarEntry, readTar } from "./tar.ts";

const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

async function write(out: string, { path, mode, content }: TarEntry): Promise<void> {
  const file = join(out, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode });
}

/**
 * Unpacks the `bin` folder of the npm package @sparticuz/chromium: the browser, SwiftShader beside it, the shared libraries that a bare
 * Debian lacks in `lib/`, and one font family with a fontconfig file that names nothing outside the folder.
 */
export async function unpackChromium(bin: string, out: string): Promise<void> {
  const inflate = async (name: string) => brotliDecompressSync(await readFile(join(bin, `${name}.br`)));
  await write(out, { path: "chromium", mode: 0o755, content: await inflate("chromium") });
  for (const archive of ["al2023.tar", "fonts.tar", "swiftshader.tar"]) {
    for (const entry of readTar(await inflate(archive))) if (entry.path !== "fonts.conf") await write(out, entry);
  }
  await write(out, { path: "fonts.conf", mode: 0o644, content: Buffer.from(FONTS_CONF) });
}
