export const b = import.meta.resolve("#lib/geo/point.ts");
