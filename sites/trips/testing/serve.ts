import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".pmtiles": "application/vnd.pmtiles",
};

/** Answers with a file below a folder, as a static host does: `/` is index.html, byte ranges are honoured. */
export async function serveFile(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = normalize(join(folder, path.endsWith("/") ? `${path}index.html` : path));
  const body = file.startsWith(folder) ? await readFile(file).catch(() => null) : null;
  if (body === null) return void response.writeHead(404).end();
  const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "accept-ranges": "bytes" };
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!range) return void response.writeHead(200, headers).end(body);
  const [start, end] = [Number(range[1]), Math.min(Number(range[2]), body.length - 1)];
  response
    .writeHead(206, { ...headers, "content-range": `bytes ${start}-${end}/${body.length}` })
    .end(body.subarray(start, end + 1));
}
