import { hash, timingSafeEqual } from "node:crypto";
import { HttpError } from "#lib/service/http.ts";
import type { TripStore } from "./store.ts";
import { OWNER_VIEW, publicView, shareView, type View } from "./view.ts";

/** What a request brings to say who asks. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly share: string | undefined;
}

/** Who may see what, and who may write. */
export interface Access {
  /** What whoever asks may see. Refuses with 401 a wrong key, with 403 an unknown share, with 410 one that is over. */
  viewOf(credentials: Credentials, store?: TripStore): View;
  /** Refuses whoever may not write: 403 without any configured key, else 401. */
  requireOwner(credentials: Credentials): void;
}

/**
 * Makes the access rules. Keys and tokens are compared by their SHA-256 in constant time; tokens are known by that only.
 *
 * @param options.keys the API keys; with none nobody can write
 * @param options.reads `public`: everybody sees what the settings let through; `shared`: only by a share link or a key
 */
export function createAccess(
  store: TripStore,
  options: { keys: readonly string[]; reads: "public" | "shared"; now?: () => number },
): Access {
  const keys = options.keys.map(sha256);
  const now = options.now ?? Date.now;

  const isOwner = (authorization: string | undefined): boolean => {
    if (authorization === undefined) return false;
    const key = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
    if (key !== undefined) {
      const given = sha256(key);
      const matches = keys.map((known) => timingSafeEqual(known, given));
      if (matches.includes(true)) return true;
    }
    throw new HttpError(401, "wrong_key", "The API key is not known; send `Authorization: Bearer <key>`.");
  };
  const share = (token: string) => {
    const given = sha256(token);
    const found = [...store.shares.values()].filter(({ share: { tokenSha256 } }) =>
      timingSafeEqual(Buffer.from(tokenSha256, "hex"), given),
    );
    const [entry] = found;
    if (!entry) throw new HttpError(403, "no_such_share", "This link is not known.");
    if (entry.share.revoked || Date.parse(entry.share.expiresAt) <= now()) {
      throw new HttpError(410, "share_over", "This link has ended; ask for a new one.");
    }
    return entry;
  };

  return {
    viewOf({ authorization, share: token }) {
      const everybody = publicView(store.settings);
      if (token !== undefined) return shareView(share(token), everybody);
      if (isOwner(authorization)) return OWNER_VIEW;
      if (options.reads === "public") return everybody;
      throw new HttpError(401, "share_needed", "These trips are shown to those who have a link: add `share=<token>`.");
    },
    requireOwner({ authorization }) {
      if (keys.length === 0) throw new HttpError(403, "read_only", "No API key is configured: nothing can be written.");
      if (!isOwner(authorization)) throw new HttpError(401, "key_needed", "Send `Authorization: Bearer <key>`.");
    },
  };
}

/** The SHA-256 that a token or key is compared and kept by. */
export function sha256(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

/** The API keys in the text of a variable or file: one a line or separated by commas. */
export function keysIn(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,]+/).filter((key) => key !== "");
}
