/** The part of libheif-js that `heic.ts` uses, which is libheif's own API; the package brings no types for it. */
declare module "libheif-js/libheif-wasm/libheif-bundle.mjs" {
  /** An error has a code; what succeeded has none. */
  interface HeifError {
    readonly code: unknown;
    readonly message: string;
  }
  interface HeifChannel {
    readonly id: unknown;
    readonly width: number;
    readonly height: number;
    /** Bytes from one row to the next. */
    readonly stride: number;
    readonly data: Uint8Array;
  }
  interface Heif {
    readonly heif_error_code: { readonly heif_error_Ok: unknown };
    readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
    readonly heif_channel: { readonly heif_channel_interleaved: unknown };
    heif_context_alloc(): object;
    heif_context_free(context: object): void;
    heif_context_read_from_memory(context: object, bytes: Uint8Array): HeifError;
    heif_js_context_get_primary_image_handle(context: object): Partial<HeifError>;
    heif_image_handle_get_width(handle: object): number;
    heif_image_handle_get_height(handle: object): number;
    heif_image_handle_release(handle: object): void;
    heif_js_decode_image2(
      handle: object,
      colours: unknown,
      chroma: unknown,
    ): Promise<Partial<HeifError> & { readonly image: object; readonly channels: readonly HeifChannel[] }>;
    heif_image_release(image: object): void;
  }
  /** Makes the module: WebAssembly that is a part of the file, so that it can be bundled. */
  export default function libheif(options: { print(text: string): void; printErr(text: string): void }): Heif;
}
