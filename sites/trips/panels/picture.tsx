import { ImageOff } from "lucide-react";
import { useEffect, useState } from "react";
import type { Image as Stored } from "#lib/schemas/trips/v1/photo.ts";
import { firstUrl, learn, nextUrl } from "../picture.ts";

interface PictureProps {
  readonly image: Stored;
  readonly alt: string;
}

/** A photo in the size of a screen. Until it is there its little picture stands in its place; where it does not come it says so, with a way on. */
export function Picture({ image, alt }: PictureProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const [loaded, setLoaded] = useState(false);
  const url = failed === null ? firstUrl(image, "display") : nextUrl(image, failed);
  const ratio = { aspectRatio: `${image.width} / ${image.height}` };
  if (url === null) {
    return (
      <div className="picture picture-missing" style={ratio} role="alert">
        <ImageOff size={24} aria-hidden />
        <p>The picture could not be loaded.</p>
        <button type="button" className="button" onClick={() => setFailed(null)}>
          Try again
        </button>
      </div>
    );
  }
  const preview = loaded ? {} : { backgroundImage: `url("${firstUrl(image, "thumb")}")` };
  return (
    <div className="picture" style={{ ...ratio, ...preview }}>
      <img
        src={url}
        alt={alt}
        draggable={false}
        data-state={loaded ? "loaded" : "loading"}
        onLoad={() => {
          learn(url);
          setLoaded(true);
        }}
        onError={() => setFailed(url)}
      />
    </div>
  );
}

/** Loads the pictures that may be opened next, so that they are there at once. */
export function usePreload(images: readonly (Stored | null | undefined)[]): void {
  const urls = images.flatMap((image) => (image ? [firstUrl(image, "display")] : [])).join(" ");
  useEffect(() => {
    for (const url of urls.split(" ").filter(Boolean)) new Image().src = url;
  }, [urls]);
}
