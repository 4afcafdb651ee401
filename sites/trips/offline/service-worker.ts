import { keyFor, rangeOf, type Rule, ruleFor } from "./rules.ts";

/** The parts of a service worker's world that this one uses; the page's own types do not have them. */
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", act: (event: Extendable) => void): void;
  addEventListener(type: "message", act: (event: Extendable & { readonly data: unknown }) => void): void;
  addEventListener(
    type: "fetch",
    act: (event: Extendable & { readonly request: Request; respondWith(reply: Promise<Response>): void }) => void,
  ): void;
}

interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}

const worker = self as unknown as Worker;
const folder = worker.registration.scope;
const VERSION = "trips-1-";

const open = (rule: Rule): Promise<Cache> => caches.open(VERSION + rule.kind);

/** Keeps an answer, and lets the oldest of its kind go where there are too many. */
async function keep(rule: Rule, url: string, reply: Response): Promise<void> {
  const cache = await open(rule);
  await cache.put(keyFor(rule, url, folder), reply);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - rule.most)).map((key) => cache.delete(key)));
}

async function kept(rule: Rule, url: string): Promise<Response | undefined> {
  return (await open(rule)).match(keyFor(rule, url, folder));
}

/** Fetches and keeps. Parts of files are not kept: they would stand for the whole. */
async function load(rule: Rule, request: Request): Promise<Response> {
  // nosemgrep: fetch-without-timeout -- the page's own request ends it
  const reply = await fetch(request);
  if (reply.status === 200 && reply.type === "basic") await keep(rule, request.url, reply.clone());
  return reply;
}

/** Part of a file that is kept whole. */
async function part(whole: Response, header: string): Promise<Response> {
  const blob = await whole.blob();
  const range = rangeOf(header, blob.size);
  const etag = whole.headers.get("etag");
  const headers = { "accept-ranges": "bytes", ...(etag === null ? {} : { etag }) };
  if (range === null) return new Response(null, { status: 416, headers });
  const { start, end } = range;
  return new Response(blob.slice(start, end + 1), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${blob.size}` },
  });
}

async function answer(rule: Rule, request: Request): Promise<Response> {
  const range = request.headers.get("range");
  if (rule.kind === "archive") {
    const whole = await kept(rule, request.url);
    // nosemgrep: fetch-without-timeout -- the page's own request ends it
    if (!whole) return fetch(request);
    return range === null ? whole : part(whole, range);
  }
  if (rule.first === "cache") return (await kept(rule, request.url)) ?? load(rule, request);
  try {
    return await load(rule, request);
  } catch (error) {
    const before = await kept(rule, request.url);
    if (before) return before;
    throw error;
  }
}

/** Keeps what a page loaded before this worker was there: what is missing here is asked for once more, mostly of the browser's own cache. */
async function keepAll(urls: readonly string[]): Promise<void> {
  for (const url of new Set(urls)) {
    const rule = ruleFor("GET", url, folder);
    if (rule && !(await kept(rule, url))) await load(rule, new Request(url)).catch(() => undefined);
  }
}

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => {
  const sweep = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("trips-") && !name.startsWith(VERSION));
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(sweep());
});
worker.addEventListener("message", (event) => {
  const { data } = event;
  if (Array.isArray(data)) event.waitUntil(keepAll(data.filter((url) => typeof url === "string")));
});
worker.addEventListener("fetch", (event) => {
  const rule = ruleFor(event.request.method, event.request.url, folder);
  if (rule) event.respondWith(answer(rule, event.request));
});
