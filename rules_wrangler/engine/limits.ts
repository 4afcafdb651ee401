/** What one deployment may have, on every plan of Cloudflare. */
export const LIMITS = {
  /** Bytes of one file. */
  fileBytes: 25 * 1024 * 1024,
  /** Files of a site. */
  files: 20_000,
  /** Bytes of a Worker's script, and of it compressed (the limit of paid plans; free ones have 3 MiB). */
  scriptBytes: 64 * 1024 * 1024,
  scriptCompressedBytes: 10 * 1024 * 1024,
  /** Patterns in `run_worker_first`, and characters of one. */
  workerFirstRules: 100,
  workerFirstLength: 100,
  /** Paths in `_headers`. */
  headerRules: 100,
  /** Lines of `_redirects` without `*` and `:placeholder`. */
  staticRedirects: 2_000,
  /** Lines of `_redirects` with them. */
  dynamicRedirects: 100,
  /** Characters of a line of either file. */
  lineLength: 2_000,
} as const;
