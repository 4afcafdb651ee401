export const Links = ({ url, rel }: { url: string; rel: string }) => (
  <ul>
    {/* ruleid: blank-target-without-noopener */}
    <a href={url} target="_blank">
      the photo
    </a>
    {/* ruleid: blank-target-without-noopener */}
    <a target="_blank" rel="nofollow" href={url}>
      the photo
    </a>
    {/* ok: blank-target-without-noopener */}
    <a href={url} target="_blank" rel="noopener noreferrer">
      the photo
    </a>
    {/* ok: blank-target-without-noopener */}
    <a href={url} target="_blank" rel="noreferrer">
      the photo
    </a>
    {/* ok: blank-target-without-noopener */}
    <a href={url} target="_self">
      the photo
    </a>
    {/* ok: blank-target-without-noopener */}
    <a href={url} target="_blank" rel={rel}>
      the photo
    </a>
  </ul>
);
// ruleid: blank-target-without-noopener
export const show = (url: string) => window.open(url, "_blank");
// ok: blank-target-without-noopener
export const showSafely = (url: string) => window.open(url, "_blank", "noopener");
