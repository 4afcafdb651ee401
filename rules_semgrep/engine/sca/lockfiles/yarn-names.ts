import semver from "semver";

/** `name@range` of a yarn.lock, understood. */
export interface Descriptor {
  readonly name: string;
  /** What an alias stands for. */
  readonly real?: string;
  readonly range: string;
  /** `npm`, `patch`, `workspace`, `https`, ...; "" where the range has none. */
  readonly protocol: string;
  /** Whether it comes from elsewhere than a registry. */
  readonly foreign: boolean;
}

/** Takes `name@range` apart; names may begin with `@`. */
export function parseDescriptor(descriptor: string): Descriptor {
  const at = descriptor.indexOf("@", 1);
  const name = at < 0 ? descriptor : descriptor.slice(0, at);
  const range = at < 0 ? "" : descriptor.slice(at + 1);
  const protocol = range.includes(":") ? range.slice(0, range.indexOf(":")) : "";
  if (protocol !== "npm") {
    const hosted = protocol === "" && range.includes("/") && semver.validRange(range) === null;
    return { name, range, protocol, foreign: protocol !== "" || hosted };
  }
  const inner = range.slice("npm:".length);
  const alias = inner.indexOf("@", 1);
  return { name, ...(alias < 0 ? {} : { real: inner.slice(0, alias) }), range, protocol, foreign: false };
}

/** The descriptors of an entry's key, without quotes. */
export function splitDescriptors(key: string): string[] {
  return key.split(",").map((part) => part.trim().replaceAll('"', ""));
}
