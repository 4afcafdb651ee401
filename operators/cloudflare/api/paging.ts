import type { Caller } from "./call.ts";
import type { Answer } from "./errors.ts";
import type { CallOptions } from "./types.ts";
import type { Reader } from "./wire.ts";

/** A list to read. */
export interface Listing {
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Passes over what is of another kind; everything is of the kind unless told. */
  readonly only?: (value: unknown) => boolean;
}

/** How often a list is read that changes while its pages are read. */
const ATTEMPTS = 3;

/**
 * Reads all pages of a list. Pages are counted, not chained: what is deleted between two of them moves an item into the
 * page before, where nobody looks. So the number of items is compared with the counts that all pages name, and when they
 * differ the list is read again; a list that never comes to rest is a "ServerError", never half a list. A page may hold
 * less than was asked for: where no count is named, the last page is the one that adds nothing.
 */
export async function listAll<T>(
  call: Caller,
  listing: Listing,
  perPage: number,
  read: Reader<T>,
  options: CallOptions | undefined,
): Promise<Answer<readonly T[]>> {
  let seen = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const items = await pages(call, listing, perPage, options);
    if (!items.ok) return items;
    const { values, counts } = items.value;
    if (counts.every((count) => count === values.length)) return readEach(values, listing, read);
    seen = `${values.length} of ${counts.join(", ")}`;
  }
  return unreadable(`${listing.name} changed while it was read, ${ATTEMPTS} times: ${seen} items; expected it to rest`);
}

async function pages(
  call: Caller,
  { name, path, query }: Listing,
  perPage: number,
  options: CallOptions | undefined,
): Promise<Answer<{ readonly values: readonly unknown[]; readonly counts: readonly number[] }>> {
  const values = new Map<unknown, unknown>();
  const counts: number[] = [];
  for (let page = 1; ; page++) {
    const answer = await call(
      { name, method: "GET", path, query: { ...query, page: String(page), per_page: String(perPage) } },
      options,
    );
    if (!answer.ok) return answer;
    const { result, totalCount } = answer.value;
    if (!Array.isArray(result)) return unreadable(`${name}: the answer holds no list`);
    const before = values.size;
    for (const value of result as unknown[]) values.set(identityOf(value), value);
    if (totalCount !== undefined) counts.push(totalCount);
    const isLast = values.size === before || (totalCount !== undefined && values.size >= totalCount);
    if (isLast) return { ok: true, value: { values: [...values.values()], counts } };
  }
}

function readEach<T>(values: readonly unknown[], { only }: Listing, read: Reader<T>): Answer<readonly T[]> {
  const items: T[] = [];
  for (const value of values) {
    if (only && !only(value)) continue;
    const item = read(value);
    if (!item.ok) return item;
    items.push(item.value);
  }
  return { ok: true, value: items };
}

const unreadable = (message: string) =>
  ({ ok: false, error: { kind: "ServerError", code: 0, message, status: 200 } }) as const;

/** What an item is known by: its identifier, or (tags) its name. */
function identityOf(value: unknown): unknown {
  const { id, name } = (value ?? {}) as { readonly id?: unknown; readonly name?: unknown };
  return id ?? name ?? value;
}
