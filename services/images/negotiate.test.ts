import { expect, test } from "vitest";
import { formatFor } from "./negotiate.ts";

test("a browser that names AVIF gets AVIF, one that names WebP gets WebP, all others get JPEG", () => {
  expect(formatFor("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8")).toBe("avif");
  expect(formatFor("image/webp,image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5")).toBe("webp");
  expect(formatFor("image/png,image/*;q=0.8,*/*;q=0.5")).toBe("jpeg");
  expect(formatFor("*/*")).toBe("jpeg");
  expect(formatFor(undefined)).toBe("jpeg");
  expect(formatFor("")).toBe("jpeg");
});

test("weights decide before our own order does", () => {
  expect(formatFor("image/avif;q=0.5, image/webp;q=0.9, */*;q=0.1")).toBe("webp");
  expect(formatFor("image/avif;q=0, image/webp")).toBe("webp");
  expect(formatFor("image/webp;q=0.5, image/jpeg")).toBe("jpeg");
  expect(formatFor("IMAGE/AVIF ; Q=1.0")).toBe("avif");
});

test("a weight that is none is no wish, and whoever takes nothing gets JPEG", () => {
  expect(formatFor("image/avif;q=2")).toBe("jpeg");
  expect(formatFor("image/webp;q=high")).toBe("jpeg");
  expect(formatFor("text/html")).toBe("jpeg");
});

test("a format that is not offered is not chosen", () => {
  expect(formatFor("image/avif,image/webp", ["webp", "jpeg"])).toBe("webp");
});
