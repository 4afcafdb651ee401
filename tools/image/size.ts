import { platformImages, topDescriptor } from "./layout.ts";

/** Bytes for people: binary units, one decimal. */
function human(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

const [layout] = process.argv.slice(2);
if (!layout) {
  console.error("usage: size LAYOUT");
  process.exit(64);
}
console.log(topDescriptor(layout).digest);
for (const image of platformImages(layout)) {
  console.log(
    `${image.platform}: ${human(image.layers.reduce((sum, layer) => sum + layer.size, 0))} in ${image.layers.length} layers`,
  );
  for (const [i, layer] of image.layers.entries()) {
    const from = image.config.history[i]?.created_by?.replace(/^bazel build @*/, "") ?? "";
    console.log(`  ${human(layer.size).padStart(10)}  ${layer.digest.slice(7, 19)}  ${from}`);
  }
}
