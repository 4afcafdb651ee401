import { useEffect, useRef } from "react";

/** Elements that need keys for themselves. */
const OWN_KEYS = "input, textarea, select, summary, .sheet-handle, .maplibregl-canvas, [role=tablist], .profile svg";

/** What a key does. Returns false where it means nothing now, and the browser goes on with it. */
export type KeyHandler = (key: string, event: KeyboardEvent) => boolean;

/** Hears keys wherever the focus is, but for where they have a meaning of their own; Escape is heard everywhere. */
export function useKeys(handle: KeyHandler): void {
  const latest = useRef(handle);
  latest.current = handle;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const { target, key } = event;
      if (key !== "Escape" && target instanceof Element && target.closest(OWN_KEYS)) return;
      const pressed = target instanceof Element && target.closest("button, a");
      if (pressed && (key === " " || key === "Enter")) return;
      if (latest.current(key, event)) event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
