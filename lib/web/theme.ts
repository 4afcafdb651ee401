import { useSyncExternalStore } from "react";

/** What the reader chose; `system` follows the machine. */
export type ThemeChoice = "system" | "light" | "dark";

/** What is shown. */
export type Theme = "light" | "dark";

const KEY = "theme";
const DARK = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

/** The choice that a stored value stands for; anything unknown is `system`. */
export function parseChoice(stored: string | null): ThemeChoice {
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** The choice after this one, in the order in which the switch offers them. */
export function nextChoice(choice: ThemeChoice): ThemeChoice {
  return choice === "system" ? "light" : choice === "light" ? "dark" : "system";
}

/** Shows a choice and remembers it; where the browser keeps nothing, it holds until the page is left. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
  // nosemgrep: swallowed-error -- what the browser refuses to keep is still shown
  try {
    localStorage.setItem(KEY, choice);
  } catch {}
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  listeners.add(listener);
  query.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    query.removeEventListener("change", listener);
  };
}

const current = (): ThemeChoice => parseChoice(document.documentElement.dataset["theme"] ?? null);

/** The reader's choice; the page sets it on `<html data-theme>` before the first paint. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, current);
}

/** The theme that is shown now. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => {
    const choice = current();
    return choice === "system" ? (matchMedia(DARK).matches ? "dark" : "light") : choice;
  });
}
