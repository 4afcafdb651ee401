import { useEffect, useState } from "react";

/** The photo that an address names: `?photo=<id>`. */
export function photoOf(search: string): string | null {
  return new URLSearchParams(search).get("photo") || null;
}

/** The address that names a photo, or none; whatever else it holds stays. */
export function withPhoto(search: string, id: string | null): string {
  const query = new URLSearchParams(search);
  if (id === null) query.delete("photo");
  else query.set("photo", id);
  const text = query.toString();
  return text === "" ? "?" : `?${text}`;
}

/** The opened photo, kept in the address. Opening one adds to the history, going on from one to the next does not. */
export function usePhotoInUrl(): [string | null, (id: string | null) => void] {
  const [id, setId] = useState(() => photoOf(location.search));
  useEffect(() => {
    const read = () => setId(photoOf(location.search));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const open = (next: string | null) => {
    const query = withPhoto(location.search, next);
    const address = query === "?" ? location.pathname : query;
    if (id === null && next !== null) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    setId(next);
  };
  return [id, open];
}
