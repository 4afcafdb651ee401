import { useCallback, useEffect, useState } from "react";

/** Where the reader looks from: degrees, MapLibre's zoom, degrees of tilt and of turn. */
export interface View {
  readonly lat: number;
  readonly lng: number;
  readonly zoom: number;
  readonly pitch: number;
  readonly bearing: number;
}

/** What the page's address holds; null where it is not said. */
export interface Address {
  readonly trip: string | null;
  /** `2026-05-01`. */
  readonly day: string | null;
  readonly photo: string | null;
  /** Shows the history up to this event. */
  readonly seq: number | null;
  /** Token of a shared link. */
  readonly share: string | null;
  /** Instant that playback stands at. */
  readonly at: string | null;
  readonly view: View | null;
  /** `off` shows what the noise filter leaves out. */
  readonly filter: "off" | null;
}

function parseView(text: string | null): View | null {
  const numbers = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lat = NaN, lng = NaN, zoom = NaN, pitch = 0, bearing = 0] = numbers;
  if (![lat, lng, zoom, pitch, bearing].every(Number.isFinite)) return null;
  if (Math.abs(lat) > 90 || Math.abs(lng) > 360 || zoom < 0 || zoom > 24) return null;
  return { lat, lng, zoom, pitch: Math.max(0, Math.min(85, pitch)), bearing };
}

/** The view as an address holds it: `57.47908,-4.22398,9.5`, with tilt and turn where there are any. */
export function formatView({ lat, lng, zoom, pitch, bearing }: View): string {
  const turned = pitch !== 0 || bearing !== 0 ? [pitch.toFixed(0), bearing.toFixed(0)] : [];
  return [lat.toFixed(5), lng.toFixed(5), Number(zoom.toFixed(2)).toString(), ...turned].join(",");
}

/** Reads an address's query. What makes no sense counts as not said. */
export function parseAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name) || null;
  const seq = Number(text("seq") ?? NaN);
  const [day, at] = [text("day"), text("at")];
  return {
    trip: text("trip"),
    day: day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null,
    photo: text("photo"),
    seq: Number.isSafeInteger(seq) && seq >= 0 ? seq : null,
    share: text("share"),
    at: at !== null && !Number.isNaN(Date.parse(at)) ? at : null,
    view: parseView(text("view")),
    filter: text("filter") === "off" ? "off" : null,
  };
}

/** The query with some of it changed; null takes it out, and whatever else it holds stays. Empty for nothing. */
export function withAddress(search: string, change: Partial<Address>): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === undefined) query.delete(name);
    else query.set(name, typeof value === "object" ? formatView(value as View) : String(value));
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

/** Changes the page's address; `push` makes it a step that the reader can go back from. */
export type SetAddress = (change: Partial<Address>, push?: boolean) => void;

/** The page's address, and how to change it. The view is written without drawing the page anew. */
export function useAddress(): [Address, SetAddress] {
  const [address, setState] = useState(() => parseAddress(location.search));
  useEffect(() => {
    const read = () => setState(parseAddress(location.search));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const set = useCallback<SetAddress>((change, push = false) => {
    const next = location.pathname + withAddress(location.search, change);
    if (push) history.pushState(null, "", next);
    else history.replaceState(null, "", next);
    if (Object.keys(change).some((name) => name !== "view" && name !== "at")) setState(parseAddress(location.search));
  }, []);
  return [address, set];
}
