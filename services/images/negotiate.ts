/** The formats that pictures are made in. */
export type Format = "avif" | "webp" | "jpeg";

/** All formats, best first. */
export const FORMATS: readonly Format[] = ["avif", "webp", "jpeg"];

interface Range {
  readonly type: string;
  readonly q: number;
}

/**
 * The format for an Accept header (RFC 9110, 12.5.1): the one with the highest weight, and of equal ones the smallest file.
 * AVIF and WebP count only when they are named, since clients with a wildcard often cannot show them; whoever
 * takes nothing of all this gets JPEG, which the RFC allows and which everybody can show.
 *
 * @param offered what may be chosen, best first; JPEG always may
 */
export function formatFor(accept: string | undefined, offered: readonly Format[] = FORMATS): Format {
  if (accept === undefined) return "jpeg";
  const ranges = parse(accept);
  const named = (type: string) => ranges.find((range) => range.type === type)?.q;
  const weights: Record<Format, number> = {
    avif: named("image/avif") ?? 0,
    webp: named("image/webp") ?? 0,
    jpeg: named("image/jpeg") ?? named("image/*") ?? named("*/*") ?? 0,
  };
  const best = offered.reduce<Format>(
    (chosen, format) =>
      weights[format] > weights[chosen] || (weights[format] === weights[chosen] && rank(format) < rank(chosen))
        ? format
        : chosen,
    "jpeg",
  );
  return weights[best] > 0 ? best : "jpeg";
}

const rank = (format: Format) => FORMATS.indexOf(format);

function parse(accept: string): Range[] {
  return accept
    .slice(0, 1_024)
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="));
      return { type, q: weight === undefined ? 1 : weightOf(weight.slice(2)) };
    });
}

/** A weight as the RFC writes it; anything else is no wish at all. */
const weightOf = (text: string) => (/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0);
