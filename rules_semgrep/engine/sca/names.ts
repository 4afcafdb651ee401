import type { Ecosystem } from "./lock.ts";

/** A name as its ecosystem compares it: PyPI ignores case and takes runs of `-`, `_` and `.` for one `-` (PEP 503). */
export function canonical(ecosystem: Ecosystem, name: string): string {
  return ecosystem === "PyPI" ? normalised(name) : name;
}

/** A name of PyPI, normalised (PEP 503). */
export function normalised(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}
