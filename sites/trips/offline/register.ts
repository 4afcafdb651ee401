/** After so long the page has what it needs first; ms. */
const LATER_MS = 4_000;

/**
 * Lets the page work without a network next time: what it loaded is kept, with the last trip and the whole basemap. Does nothing where the
 * browser has no service workers, as on a page that came without encryption from elsewhere than this machine.
 */
export function registerOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  const start = async () => {
    await navigator.serviceWorker.register("./service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    active?.postMessage([document.baseURI.split(/[?#]/)[0], ...loaded]);
  };
  setTimeout(() => {
    start().catch((error: unknown) => console.warn("this page will not open without a network", error));
  }, LATER_MS);
}
