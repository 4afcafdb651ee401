import type { TripStore } from "./store.ts";
import { idOfKey, type Table } from "./table.ts";

/** Whose picture a key names. */
export interface Pictures {
  /** The point that is alive and has a picture with this key, and the type of that picture. */
  find(key: string): { readonly row: number; readonly type: string } | null;
}

/**
 * Finds points by the keys of their pictures. Nearly always the id of the point follows from the key; for the others
 * (previews) a map is filled as they come.
 */
export function createPictures(store: TripStore): Pictures {
  const others = new Map<string, string>();
  let seen = 0;

  const typeIn = (table: Table, row: number, key: string): string | null => {
    const { image } = table.bodies.point(row);
    if (image?.key === key) return image.type ?? "image/jpeg";
    return image?.preview?.key === key ? "image/jpeg" : null;
  };
  return {
    find(key) {
      const { table } = store;
      for (; seen < table.size; seen++) {
        if (table.columns.otherKeys[seen] === 0 || !table.alive(seen)) continue;
        const { id, image } = table.bodies.point(seen);
        if (image) others.set(image.key, id);
        if (image?.preview) others.set(image.preview.key, id);
      }
      for (const id of [idOfKey(key), others.get(key)]) {
        const row = id === undefined ? -1 : table.find(id);
        const type = row < 0 ? null : typeIn(table, row, key);
        if (type !== null) return { row, type };
      }
      return null;
    },
  };
}
