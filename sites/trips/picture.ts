import type { Image } from "#lib/schemas/trips/v1/photo.ts";
import { parseAddress } from "./address.ts";
import { type PictureSize, pictureUrl, storedUrl } from "./api.ts";

/** Whether the service of images is there; it need not be part of a homelab. Null until the first picture came from somewhere. */
let served: boolean | null = null;

/** Pictures are shown by the same link as the page. */
const scope = () => parseAddress(location.search);

/** Where a picture is to be had first: scaled, or as it is stored where nobody scales. */
export function firstUrl(image: Image, size: PictureSize): string {
  return served === false ? storedUrl(image, scope()) : pictureUrl(image, size, scope());
}

/** Where to try next after an address failed; null when there is nothing left. */
export function nextUrl(image: Image, failed: string): string | null {
  const stored = storedUrl(image, scope());
  if (failed.endsWith(stored)) return null;
  return stored;
}

/** Remembers where the first picture came from: where the store answered and the service of images had not, further ones are asked for there at once. */
export function learn(url: string): void {
  served ??= !url.includes("api/images/");
}

/** Fills an element that React does not own with a picture, in two tries. */
export function loadPicture(element: HTMLImageElement, image: Image, size: PictureSize): void {
  element.onload = () => learn(element.src);
  element.src = firstUrl(image, size);
  element.onerror = () => {
    const next = nextUrl(image, element.src);
    element.onerror = null;
    if (next !== null) element.src = next;
  };
}
