/** Whether an If-None-Match header names the ETag (RFC 9110, 13.1.2: weak comparison). `*` is not heeded: it asks for a look. */
export function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((value) => value.trim().replace(/^W\//, "") === etag);
}

/**
 * The Range header to hand on to the store, or undefined when the whole has to be sent: there is none, it is not one range of bytes
 * (RFC 9110, 14.2 lets a server ignore others), or If-Range names another ETag.
 */
export function rangeFor(
  headers: { readonly range?: string | undefined; readonly "if-range"?: string | string[] | undefined },
  etag: string,
): string | undefined {
  if (headers.range === undefined || !/^bytes=(\d{1,15}-\d{0,15}|-\d{1,15})$/.test(headers.range)) return undefined;
  const condition = headers["if-range"];
  return condition === undefined || condition === etag ? headers.range : undefined;
}
