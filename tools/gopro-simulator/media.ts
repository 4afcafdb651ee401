import { Type } from "typebox";
import { HttpError, type HttpServer } from "#lib/service/http.ts";
import type { Camera } from "./camera.ts";
import type { Card, CardFile } from "./card.ts";

const MediaPath = Type.Object({ path: Type.String({ pattern: "^\\d{3}GOPRO/[A-Z0-9]{8}\\.[A-Z0-9]{3}$" }) });

/** Adds `/gopro/media/*`: the list, the last picture, what is known of one, deletion and turbo transfer. */
export function registerMedia(server: HttpServer, { camera, card }: { camera: Camera; card: Card }): void {
  const listed = () => (camera.faults.storage === "removed" ? [] : card.list());
  const find = (mediaPath: string): CardFile => {
    const file = camera.faults.storage === "removed" ? null : card.find(mediaPath);
    if (!file) throw new HttpError(400, "no_such_file", `${mediaPath} is not on the card.`);
    return file;
  };

  server.get("/gopro/media/list", () => ({ id: "1554375628411872255", media: mediaOf(listed()) }));
  server.get("/gopro/media/last_captured", (_request, reply) => {
    const last = camera.faults.noLastCaptured ? undefined : listed().findLast(({ name }) => name.endsWith(".JPG"));
    return last ? { folder: last.folder, file: last.name } : reply.code(204).send();
  });
  server.get("/gopro/media/info", { schema: { querystring: MediaPath } }, ({ query }) => {
    const file = find(query.path);
    const raw = card.find(query.path.replace(".JPG", ".GPR")) ? "1" : "0";
    const plain = { ct: "4", hc: "0", eis: "0", mp: "1", rot: "0", tr: "0", us: "0", wdr: "0", hdr: "0", lc: "0" };
    return { ...plain, raw, cre: String(file.createdS), s: String(file.bytes) };
  });
  server.get("/gopro/media/delete/file", { schema: { querystring: MediaPath } }, async ({ query }) => {
    find(query.path);
    await card.remove(query.path);
    return {};
  });
  server.get(
    "/gopro/media/turbo_transfer",
    { schema: { querystring: Type.Object({ p: Type.Integer({ minimum: 0, maximum: 1 }) }) } },
    ({ query }) => {
      camera.turbo = query.p === 1;
      return {};
    },
  );
}

/** The media list: every leaf a string; a raw file shows in its JPEG's `raw`, a group as one entry with its numbers. */
function mediaOf(files: readonly CardFile[]): { d: string; fs: Record<string, unknown>[] }[] {
  const raws = new Set(files.filter(({ name }) => name.endsWith(".GPR")).map(({ folder, name }) => folder + name));
  const folders = new Map<string, Map<string, CardFile[]>>();
  for (const file of files) {
    if (file.name.endsWith(".GPR")) continue;
    const entries = folders.get(file.folder) ?? new Map<string, CardFile[]>();
    folders.set(file.folder, entries);
    const entry = file.name.startsWith("GOPR") ? file.name : file.name.slice(0, 4);
    entries.set(entry, [...(entries.get(entry) ?? []), file]);
  }
  return [...folders].map(([d, entries]) => ({
    d,
    fs: [...entries.values()].map((members) => entryOf(members, raws)),
  }));
}

function entryOf(members: readonly CardFile[], raws: ReadonlySet<string>): Record<string, unknown> {
  const [first, last] = [members[0]!, members.at(-1)!];
  const entry = { n: first.name, cre: String(first.createdS), mod: String(last.createdS) };
  if (first.name.startsWith("GOPR")) {
    const raw = raws.has(first.folder + first.name.replace(".JPG", ".GPR")) ? { raw: "1" } : {};
    return { ...entry, s: String(first.bytes), ...raw };
  }
  const numbers = members.map(({ name }) => Number(name.slice(4, 8)));
  const [from, to] = [numbers[0]!, numbers.at(-1)!];
  const missing = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (number) => !numbers.includes(number),
  );
  const bytes = members.reduce((sum, file) => sum + file.bytes, 0);
  const range = { g: String(Number(first.name.slice(1, 4))), b: String(from), l: String(to), m: missing.map(String) };
  return { ...entry, s: String(bytes), ...range, t: "b" };
}
