/** Functions of templates whose result is not the same each time, or depends on a cluster or on the network. */
export const unstableFunctions: readonly string[] = [
  ...["now", "ago", "lookup", "getHostByName", "uuidv4", "shuffle", "bcrypt", "htpasswd", "encryptAES"],
  ...["randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt"],
  ...["genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey"],
  ...["genSignedCert", "genSignedCertWithKey"],
];

/** A call in a template. */
export interface Call {
  /** From 1. */
  readonly line: number;
  readonly name: string;
}

const token = /\{\{|\}\}|\/\*[^]*?\*\/|`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z0-9_.$]+/g;

/** The calls of unstable functions in a template: inside of actions, outside of strings and comments. */
export function unstableCalls(template: string, allow: readonly string[]): Call[] {
  const names = new Set(unstableFunctions.filter((name) => !allow.includes(name)));
  const calls: Call[] = [];
  const tokens = new RegExp(token);
  let inside = false;
  for (let match = tokens.exec(template); match !== null; match = tokens.exec(template)) {
    const [text] = match;
    if (text === "{{") inside = true;
    else if (text === "}}") inside = false;
    else if (!inside) tokens.lastIndex = nextAction(template, match.index);
    else if (names.has(text)) calls.push({ line: template.slice(0, match.index).split("\n").length, name: text });
  }
  return calls;
}

function nextAction(template: string, from: number): number {
  const at = template.indexOf("{{", from);
  return at < 0 ? template.length : at;
}
