import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { extract, pack } from "tar-stream";
import { epoch } from "./helm.ts";

/** Files by their path in an archive. */
export type Files = ReadonlyMap<string, Buffer>;

/** The regular files of a .tgz. */
export async function unpack(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const tar = Readable.from([gunzipSync(archive)]).pipe(extract());
  for await (const entry of tar) {
    const contents = await buffer(entry);
    if (entry.header.type === "file") files.set(entry.header.name, contents);
  }
  return files;
}

/** A .tgz that is a function of its files alone: sorted by path, one time, one mode, one owner. */
export async function archiveOf(files: Files): Promise<Buffer> {
  const tar = pack();
  const mtime = new Date(epoch * 1_000);
  for (const name of [...files.keys()].sort(byBytes)) {
    tar.entry({ name, mode: 0o644, mtime, uid: 0, gid: 0, uname: "", gname: "" }, files.get(name) ?? Buffer.of());
  }
  tar.finalize();
  const gzip = gzipSync(await buffer(tar), { level: 9 });
  gzip[9] = 0xff;
  return gzip;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The folder that all files of a chart's archive are in: the chart's name. */
export function chartFolder(files: Files): string {
  const [first = ""] = files.keys();
  return first.slice(0, first.indexOf("/"));
}
