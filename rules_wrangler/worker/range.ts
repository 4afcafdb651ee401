/** Where a part of a file begins and how long it is, in bytes. */
export interface Part {
  readonly start: number;
  readonly length: number;
}

/**
 * Reads a Range header (RFC 9110, 14.2) for a file of `size` bytes: one range of bytes. `whole` where the header is to
 * be ignored (another unit, several ranges, not well-formed), `unsatisfiable` where it begins behind the end.
 */
export function parseRange(header: string, size: number): Part | "whole" | "unsatisfiable" {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header);
  if (match === null) return "whole";
  const [first, last] = [match[1]!, match[2]!];
  if (first === "") {
    if (last === "") return "whole";
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, length };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "whole";
  if (start >= size) return "unsatisfiable";
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return { start, length: end - start + 1 };
}

/** The request for the file as a whole: without what only concerns ranges, and uncompressed, so that bytes can be counted. */
export function wholeRequest(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete("range");
  headers.delete("if-range");
  headers.set("accept-encoding", "identity");
  return new Request(request, { headers });
}

/**
 * Answers a request for a range out of the answer with the whole file: 206 with the part, 416 where there is no such
 * part, else the whole. All headers of the file are kept; `Accept-Ranges` says that ranges are answered. `If-Range` is
 * compared strongly, and since assets have no date, a date never matches.
 */
export async function cutRange(request: Request, whole: Response): Promise<Response> {
  if (whole.status !== 200 || (request.method !== "GET" && request.method !== "HEAD")) return whole;
  if (whole.headers.has("content-encoding")) return whole;
  const headers = new Headers(whole.headers);
  headers.set("accept-ranges", "bytes");
  const range = request.headers.get("range");
  if (request.method === "HEAD" || range === null || !sameFile(request.headers.get("if-range"), whole)) {
    return new Response(whole.body, { status: 200, headers });
  }
  const said = whole.headers.get("content-length");
  const bytes = said === null ? new Uint8Array(await whole.arrayBuffer()) : undefined;
  const size = bytes?.length ?? Number(said);
  const part = parseRange(range, size);
  if (part === "whole") return new Response(bytes ?? whole.body, { status: 200, headers });
  if (part === "unsatisfiable") {
    await whole.body?.cancel();
    headers.set("content-range", `bytes */${size}`);
    headers.delete("content-length");
    headers.delete("etag");
    headers.set("cache-control", "no-store");
    return new Response(null, { status: 416, headers });
  }
  headers.set("content-range", `bytes ${part.start}-${part.start + part.length - 1}/${size}`);
  headers.set("content-length", String(part.length));
  const body = bytes?.slice(part.start, part.start + part.length) ?? whole.body!.pipeThrough(slice(part));
  return new Response(body instanceof ReadableStream ? sized(body, part.length) : body, { status: 206, headers });
}

function sameFile(ifRange: string | null, whole: Response): boolean {
  return ifRange === null || (ifRange.startsWith('"') && ifRange === whole.headers.get("etag"));
}

function slice({ start, length }: Part): TransformStream<Uint8Array, Uint8Array> {
  let at = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      const from = Math.max(0, start - at);
      const to = Math.min(chunk.length, start + length - at);
      at += chunk.length;
      if (from < to) controller.enqueue(chunk.subarray(from, to));
      if (at >= start + length) controller.terminate();
    },
  });
}

/** Workers say a stream's length only if it comes out of their FixedLengthStream; elsewhere the header is enough. */
function sized(body: ReadableStream<Uint8Array>, length: number): ReadableStream<Uint8Array> {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (length: number) => TransformStream<Uint8Array, Uint8Array>;
  };
  return FixedLengthStream === undefined ? body : body.pipeThrough(new FixedLengthStream(length));
}
