import { expect, test } from "vitest";
import { fileUrl, pictureUrl, storedUrl } from "./api.ts";

const preview = { key: "photos/ab/preview.jpg", width: 400, height: 300, bytes: 9 };
const heic = { key: "photos/cd/photo.heic", width: 4000, height: 3000, bytes: 99, preview };

test("pictures are asked for by the link that opened the page, since it may be the only one that shows them", () => {
  expect(pictureUrl(heic, "thumb", { share: "a b" })).toBe("images/thumb/photos/ab/preview.jpg?share=a+b");
  expect(storedUrl(heic, { share: "t" })).toBe("api/images/photos/ab/preview.jpg?share=t");
  expect(pictureUrl(heic, "display", { share: null })).toBe("images/display/photos/ab/preview.jpg");
});

test("what is shown is the preview, and what is fetched is the file itself", () => {
  expect(fileUrl(heic, { share: null })).toBe("api/images/photos/cd/photo.heic");
});
