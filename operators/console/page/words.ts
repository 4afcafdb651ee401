import type { Owner } from "../snapshot.ts";

/** How a state is to be taken. */
export type Tone = "good" | "bad" | "busy" | "idle";

/** States in words, for people who do not know the machine. */
const MEANINGS: Readonly<Record<string, string>> = {
  Pending: "Looking at what is wanted",
  CreatingDNS: "Making the DNS record",
  CreatingZTApp: "Making the Access application",
  UpdatingConfig: "Adding the tunnel’s route",
  Ready: "Published behind Access",
  Failed: "Not published",
  RemovingRoute: "Removing the route",
  RemovingZTApp: "Removing the application",
  RemovingDNS: "Removing the record",
  Removed: "Nothing is left",
};

/** What a state means; a state without words is its own name. */
export const meaningOf = (phase: string): string => MEANINGS[phase] ?? phase;

/** How a state is to be taken; null for no state. */
export function toneOf(phase: string | null): Tone {
  if (phase === null || phase === "Removed") return "idle";
  if (phase === "Ready") return "good";
  return phase === "Failed" ? "bad" : "busy";
}

/** Whose an object in Cloudflare is. */
export function ownerText(owner: Owner): string {
  if (owner.kind === "deployment") return owner.key;
  return owner.kind === "orphan" ? "of no Deployment" : "somebody else’s";
}

/** An identifier that people can tell apart: `…05`. */
const ID = /[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A text with short identifiers: `/zones/…01/dns_records/batch`. */
export const shortIds = (text: string): string => text.replace(ID, (id) => `…${id.slice(-2)}`);

/** The path of a call as people read it, without the account, the page and what else is the same each time. */
export function callPath(path: string): string {
  const [plain = "", query = ""] = path.split("?");
  const shown = [...new URLSearchParams(query)].filter(
    ([name]) => !/^(page|per_page|account\.id|is_deleted)$/.test(name),
  );
  const rest = shown.length === 0 ? "" : `?${shown.map((pair) => pair.join("=")).join("&")}`;
  return shortIds(plain.replace(/^\/accounts\/[^/]+/, "") + rest);
}

/** The time of day of an instant, to the second; of another day its date. */
export function timeOfDay(ms: number, nowMs = Date.now()): string {
  const [at, now] = [new Date(ms), new Date(nowMs)];
  return at.toDateString() === now.toDateString()
    ? at.toLocaleTimeString("en-GB")
    : at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

/** JSON laid out for people, with short identifiers; what is no JSON as it is. */
export function laidOut(text: string): string {
  try {
    return shortIds(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return shortIds(text);
  }
}
