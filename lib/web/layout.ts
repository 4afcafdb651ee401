import { useSyncExternalStore } from "react";

/** How much room there is: `phone` has a sheet, `medium` one panel, `wide` a panel on each side of the map. */
export type Layout = "phone" | "medium" | "wide";

const WIDE = "(min-width: 1100px)";
const PHONE = "(max-width: 719px)";

function subscribe(changed: () => void): () => void {
  const queries = [matchMedia(WIDE), matchMedia(PHONE)];
  for (const query of queries) query.addEventListener("change", changed);
  addEventListener("resize", changed);
  return () => {
    for (const query of queries) query.removeEventListener("change", changed);
    removeEventListener("resize", changed);
  };
}

/** The layout of the window as it is now. */
export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, () =>
    matchMedia(WIDE).matches ? "wide" : matchMedia(PHONE).matches ? "phone" : "medium",
  );
}

/** The window's inner height in CSS pixels as it is now. */
export function useWindowHeight(): number {
  return useSyncExternalStore(subscribe, () => innerHeight);
}
