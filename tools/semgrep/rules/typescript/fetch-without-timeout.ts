async function load(url: string, signal: AbortSignal, options: RequestInit) {
  // ruleid: fetch-without-timeout
  await fetch(url);
  // ruleid: fetch-without-timeout
  await fetch(`${url}/healthz`, { method: "HEAD" });
  // ruleid: fetch-without-timeout
  const reply = await globalThis.fetch(url, { headers: { signal: "none" } });
  // ok: fetch-without-timeout
  await fetch(url, { signal: AbortSignal.timeout(5_000) });
  // ok: fetch-without-timeout
  await fetch(url, { method: "PUT", signal });
  // ok: fetch-without-timeout
  await fetch(url, { ...options, method: "PUT" });
  // ok: fetch-without-timeout
  await fetch(url, options);
  // ok: fetch-without-timeout
  await scratch.fetch(url);
  return reply;
}
