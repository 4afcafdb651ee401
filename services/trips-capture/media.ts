import { Type } from "typebox";
import Value from "typebox/value";

/** A picture on the camera's card. */
export interface CardFile {
  /** Such as `100GOPRO`. */
  readonly folder: string;
  /** Such as `GOPR0001.JPG`. */
  readonly name: string;
  /** The camera's time of creation, in seconds since 1970. */
  readonly createdS: number;
  /** Length in bytes; 0 when the list does not tell (members of a group). */
  readonly bytes: number;
}

const Digits = Type.String({ pattern: "^\\d+$" });
const Entry = Type.Object({
  n: Type.String({ pattern: "^[A-Za-z0-9_]{1,32}\\.[A-Za-z0-9]{1,8}$" }),
  cre: Digits,
  s: Digits,
  g: Type.Optional(Type.String()),
  b: Type.Optional(Digits),
  l: Type.Optional(Digits),
  m: Type.Optional(Type.Array(Type.String())),
});
const MediaList = Type.Object({
  media: Type.Array(Type.Object({ d: Type.String({ pattern: "^\\d{3}[A-Z0-9_]{5}$" }), fs: Type.Array(Entry) })),
});

/**
 * The JPEGs of an Open GoPro media list, oldest first. Groups (bursts, time lapses) become their members:
 * the numbers from `b` to `l` without those in `m`. Videos and raw files are left out.
 *
 * @throws when the answer is no media list.
 */
export function picturesOf(answer: unknown): CardFile[] {
  if (!Value.Check(MediaList, answer)) {
    const [problem] = Value.Errors(MediaList, answer);
    throw new Error(
      `The camera's media list has another shape than Open GoPro 2.0 says: ${problem?.instancePath} ${problem?.message}.`,
    );
  }
  const files = answer.media.flatMap(({ d, fs }) =>
    fs.flatMap((entry): CardFile[] => {
      const createdS = Number(entry.cre);
      if (entry.g === undefined) return [{ folder: d, name: entry.n, createdS, bytes: Number(entry.s) }];
      return membersOf(entry).map((name) => ({ folder: d, name, createdS, bytes: 0 }));
    }),
  );
  return files
    .filter(({ name }) => /\.jpe?g$/i.test(name))
    .sort((a, b) => a.createdS - b.createdS || a.folder.localeCompare(b.folder) || a.name.localeCompare(b.name));
}

function membersOf(group: { n: string; b?: string; l?: string; m?: string[] }): string[] {
  const parts = /^(G\d{3})(\d{4})(\.\w+)$/.exec(group.n);
  if (!parts || group.b === undefined || group.l === undefined) return [];
  const missing = new Set((group.m ?? []).map(Number));
  const names: string[] = [];
  for (let number = Number(group.b); number <= Math.min(Number(group.l), 9999); number++) {
    if (!missing.has(number)) names.push(`${parts[1]}${String(number).padStart(4, "0")}${parts[3]}`);
  }
  return names;
}
