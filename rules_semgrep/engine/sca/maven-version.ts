/** A part of a version: a number, a word, or a list that a hyphen or a change between digits and letters begins. */
type Item = bigint | string | Item[];

// In the order of https://maven.apache.org/pom.html#version-order-specification; "" is the release itself.
const QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const ALIASES: Readonly<Record<string, string>> = { cr: "rc", ga: "", final: "", release: "" };
const SHORT: Readonly<Record<string, string>> = { a: "alpha", b: "beta", m: "milestone" };

/**
 * Orders two versions as Maven does: https://maven.apache.org/pom.html#version-order-specification
 *
 * @returns below 0, 0 or above 0
 */
export function compareMaven(a: string, b: string): number {
  return compareItems(parseMaven(a), parseMaven(b));
}

/** Whether a text can be a version of Maven: it takes nearly everything, but no ranges, properties or white space. */
export function isMavenVersion(text: string): boolean {
  return text !== "" && ![..."[](),${}:"].some((char) => text.includes(char)) && !/\s/.test(text);
}

function parseMaven(version: string): Item[] {
  const root: Item[] = [];
  let list = root;
  const stack = [root];
  const descend = (): void => {
    const below: Item[] = [];
    list.push(below);
    stack.push(below);
    list = below;
  };
  const text = version.toLowerCase();
  let token = "";
  let isNumber = false;
  const end = (digitFollows: boolean): void => {
    if (token === "") list.push(0n);
    else list.push(isNumber ? BigInt(token) : wordOf(token, digitFollows));
    token = "";
  };
  for (const char of text) {
    if (char === "." || char === "-") {
      end(false);
      if (char === "-") descend();
      isNumber = false;
    } else {
      const digit = char >= "0" && char <= "9";
      if (token !== "" && digit !== isNumber) {
        end(digit);
        descend();
      }
      isNumber = digit;
      token += char;
    }
  }
  if (token !== "") end(false);
  for (const each of stack.reverse()) trim(each);
  return root;
}

function wordOf(token: string, digitFollows: boolean): string {
  const long = digitFollows ? (SHORT[token] ?? token) : token;
  return ALIASES[long] ?? long;
}

// What is zero or empty at the end, or before a hyphen, does not count.
function trim(list: Item[]): void {
  for (let at = list.length - 1; at >= 0; at -= 1) {
    const item = list[at];
    if (isNull(item)) list.splice(at, 1);
    else if (!Array.isArray(item)) break;
  }
}

function isNull(item: Item | undefined): boolean {
  return item === undefined || item === 0n || item === "" || (Array.isArray(item) && item.length === 0);
}

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareItems(b, undefined);
  if (typeof a === "bigint") {
    if (b === undefined) return a === 0n ? 0 : 1;
    return typeof b === "bigint" ? (a < b ? -1 : a > b ? 1 : 0) : 1;
  }
  if (typeof a === "string") {
    if (b === undefined) return compareWords(a, "");
    return typeof b === "string" ? compareWords(a, b) : -1;
  }
  if (b === undefined) return a.map((item) => compareItems(item, undefined)).find((order) => order !== 0) ?? 0;
  if (typeof b === "bigint") return -1;
  if (typeof b === "string") return 1;
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = compareItems(a[at], b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareWords(a: string, b: string): number {
  const [left, right] = [QUALIFIERS.indexOf(a), QUALIFIERS.indexOf(b)];
  if (left < 0 && right < 0) return a < b ? -1 : a > b ? 1 : 0;
  return (left < 0 ? QUALIFIERS.length : left) - (right < 0 ? QUALIFIERS.length : right);
}
