/** What libvips reads of a picture without decoding it. */
export interface Container {
  /** Size in pixels as it is to be seen. */
  readonly width: number;
  readonly height: number;
  /** The EXIF block (a TIFF file of its own), or null. */
  readonly exif: Uint8Array | null;
}

const MARK = Buffer.from("Exif\0\0", "latin1");

/** Reads the size and EXIF of a HEIC, PNG, WebP, AVIF or TIFF; null when libvips cannot read it. */
export async function readContainer(bytes: Uint8Array): Promise<Container | null> {
  const { default: sharp } = await import("sharp");
  try {
    const { autoOrient, exif } = await sharp(bytes).metadata();
    const bare = exif && MARK.equals(exif.subarray(0, MARK.length)) ? exif.subarray(MARK.length) : exif;
    return { ...autoOrient, exif: bare ?? null };
  } catch {
    return null;
  }
}
