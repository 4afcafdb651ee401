const RELEASE = /^v?\d+(\.\d+)*$/;

const numbers = (version: string): number[] => version.replace(/^v/, "").split(".").map(Number);

/** Orders released versions of npm, PyPI and Go: by their numbers, a missing one being zero. */
export function compareVersions(one: string, other: string): number {
  const left = numbers(one);
  const right = numbers(other);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The newest version that every list has.
 * Versions with anything but numbers (betas, release candidates) do not count, nor those that do not start with `within`.
 */
export function newestOfAll(lists: readonly (readonly string[])[], within = ""): string | undefined {
  const [first = [], ...others] = lists;
  return first
    .filter((version) => RELEASE.test(version) && version.startsWith(within))
    .filter((version) => others.every((list) => list.includes(version)))
    .sort(compareVersions)
    .at(-1);
}
