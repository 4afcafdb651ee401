import type { KubeApi, Selection } from "./api.ts";
import { type Outcome, success } from "./errors.ts";
import { type Key, keyOf, type KubeObject } from "./object.ts";

/** A whole list, as a cache takes it. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** Objects that are there and could not be read. */
  readonly unread: ReadonlySet<Key>;
  /** Items that are no objects. */
  readonly malformed: number;
  readonly resourceVersion: string;
}

/**
 * Lists in pages of `limit` objects. When the server forgets the list before the last page (after 5 minutes, or when its
 * history is cut), all is listed once more, in one piece: pages would not come further the second time.
 * @param read makes what is kept of an object; undefined for one that it cannot read
 */
export async function listAll<T extends KubeObject>(
  api: KubeApi<T>,
  how: Selection & { readonly limit: number; readonly signal: AbortSignal },
  read: (object: T) => T | undefined,
): Promise<Outcome<Listing<T>>> {
  const { limit, ...selection } = how;
  const paged = await listPages(api, selection, limit, read);
  const expired = !paged.ok && paged.error.kind === "Gone";
  return expired ? await listPages(api, selection, undefined, read) : paged;
}

async function listPages<T extends KubeObject>(
  api: KubeApi<T>,
  selection: Selection & { readonly signal: AbortSignal },
  limit: number | undefined,
  read: (object: T) => T | undefined,
): Promise<Outcome<Listing<T>>> {
  const items: T[] = [];
  const unread = new Set<Key>();
  let malformed = 0;
  const size = limit === undefined ? {} : { limit };
  for (let token: string | undefined; ;) {
    const page = await api.list({ ...selection, ...size, ...(token === undefined ? {} : { continue: token }) });
    if (!page.ok) return page;
    for (const item of page.value.items) {
      const object = read(item);
      if (object === undefined) unread.add(keyOf(item.metadata));
      else items.push(object);
    }
    malformed += page.value.malformed;
    token = page.value.continue;
    if (token === undefined) return success({ items, unread, malformed, resourceVersion: page.value.resourceVersion });
  }
}
