/** The part of libheif-js that `preview.ts` uses; the package brings no types. */
declare module "libheif-js/libheif-wasm/libheif-bundle.mjs" {
  interface HeifImage {
    get_width(): number;
    get_height(): number;
    /** Decodes to RGBA into `target.data`, and gives null when that failed. */
    display(
      target: { data: Uint8ClampedArray; width: number; height: number },
      done: (filled: { data: Uint8ClampedArray } | null) => void,
    ): void;
    free(): void;
  }
  /** Makes the module: WebAssembly that is a part of the file, so that it can be bundled. */
  export default function libheif(): { HeifDecoder: new () => { decode(bytes: Uint8Array): HeifImage[] } };
}
