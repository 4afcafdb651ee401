import { expect, test } from "vitest";
import { readTar } from "./tar.ts";

function entry(path: string, content: string, kind = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write("0000755\0", 100);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write(kind, 156);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

const end = Buffer.alloc(1024);

test("files come out with path, mode and content; folders are passed over", () => {
  const files = readTar(
    Buffer.concat([entry("lib", "", "5"), entry("lib/a.so", "abc"), entry("b", "x".repeat(600)), end]),
  );
  expect(files.map(({ path, mode, content }) => [path, mode, content.length])).toEqual([
    ["lib/a.so", 0o755, 3],
    ["b", 0o755, 600],
  ]);
});

test("a link is refused by name", () => {
  expect(() => readTar(Buffer.concat([entry("evil", "", "2"), end]))).toThrow('the archive holds evil of type "2"');
});
