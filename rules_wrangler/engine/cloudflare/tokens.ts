import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What stands in a token besides its expiry. */
export type Claims = Readonly<Record<string, unknown>>;

/** Signs and checks the tokens (JWT, HS256) that uploads are done with. */
export class Tokens {
  readonly #key = randomBytes(32);

  /** A token that expires after `seconds`. */
  issue(claims: Claims, seconds: number, now = Date.now()): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, exp: Math.floor(now / 1000) + seconds })}`;
    return `${head}.${this.#sign(head)}`;
  }

  /** The claims of a token; undefined when it is not ours, or has expired. */
  read(token: string, now = Date.now()): Claims | undefined {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.#sign(`${header}.${payload}`));
    const received = Buffer.from(signature);
    if (expected.length !== received.length || !timingSafeEqual(expected, received)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
    return typeof claims["exp"] === "number" && claims["exp"] > now / 1000 ? claims : undefined;
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}
