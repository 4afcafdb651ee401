/// <reference path="./libheif.d.ts" />

/** A picture in memory: RGBA, a byte a channel, without gaps between rows. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

type Heif = ReturnType<(typeof import("libheif-js/libheif-wasm/libheif-bundle.mjs"))["default"]>;

let heif: Heif | undefined;
const silent = { print: () => {}, printErr: () => {} };

/** Loads libheif; apart from decoding, so that a library that is not there is no damaged picture. */
export async function loadHeif(): Promise<void> {
  const { default: libheif } = await import("libheif-js/libheif-wasm/libheif-bundle.mjs");
  heif ??= libheif(silent);
}

/**
 * Decodes the primary picture of a HEIC, upright: libheif applies the turns and mirrors that stand in the file.
 * Uses libheif's own functions, since the class of libheif-js writes to standard output.
 *
 * @throws when the file is damaged or has more pixels than `mostPixels`; the module is then loaded anew for the next one
 */
export async function decodeHeic(bytes: Uint8Array, mostPixels: number): Promise<Pixels> {
  await loadHeif();
  const library = heif!;
  try {
    return await decode(library, bytes, mostPixels);
  } catch (error) {
    heif = undefined;
    throw error;
  }
}

async function decode(library: Heif, bytes: Uint8Array, mostPixels: number): Promise<Pixels> {
  const context = library.heif_context_alloc();
  const read = library.heif_context_read_from_memory(context, bytes);
  if (read.code !== library.heif_error_code.heif_error_Ok) throw new Error(read.message);
  const handle = library.heif_js_context_get_primary_image_handle(context);
  if (handle.code) throw new Error(handle.message);
  const [width, height] = [library.heif_image_handle_get_width(handle), library.heif_image_handle_get_height(handle)];
  if (width * height > mostPixels) throw new Error(`${width} × ${height} are more than ${mostPixels} pixels`);
  const { heif_colorspace_RGB } = library.heif_colorspace;
  const decoded = await library.heif_js_decode_image2(
    handle,
    heif_colorspace_RGB,
    library.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (decoded.code) throw new Error(decoded.message);
  const channel = decoded.channels.find(({ id }) => id === library.heif_channel.heif_channel_interleaved);
  if (!channel) throw new Error("libheif gave no pixels");
  const pixels = withoutGaps(channel);
  library.heif_image_release(decoded.image);
  library.heif_image_handle_release(handle);
  library.heif_context_free(context);
  return pixels;
}

function withoutGaps(channel: { width: number; height: number; stride: number; data: Uint8Array }): Pixels {
  const { width, height, stride } = channel;
  const data = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++)
    data.set(channel.data.subarray(row * stride, row * stride + width * 4), row * width * 4);
  return { data, width, height };
}
