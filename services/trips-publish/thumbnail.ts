/** Makes the small upright picture of an exported page: WebP, 640 pixels long, without metadata, as a data URI. */
export async function thumbnail(bytes: Uint8Array): Promise<string> {
  const { default: sharp } = await import("sharp");
  const webp = await sharp(bytes)
    .autoOrient()
    .resize({ width: 640, height: 640, fit: "inside", withoutEnlargement: true })
    .webp({ quality: 62 })
    .toBuffer();
  return `data:image/webp;base64,${webp.toString("base64")}`;
}
