import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { onTestFinished, expect, test } from "vitest";
import { hgtFolder } from "./hgt-folder.ts";
import { elevationService } from "./service.ts";
import { elevationsOf } from "./source.ts";

const tile = (height: number) => {
  const bytes = Buffer.alloc(2_884_802);
  for (let i = 0; i < bytes.length; i += 2) bytes.writeInt16BE(height, i);
  return bytes;
};

function folder(files: Readonly<Record<string, Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), "hgt-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
  return path;
}

type Answer = (asked: { latitude: number; longitude: number }[], response: ServerResponse) => void;

async function service(answer: Answer): Promise<{ url: string; asked: number[] }> {
  const asked: number[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { locations } = JSON.parse(body);
      asked.push(locations.length);
      answer(locations, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/lookup`, asked };
}

const rising: Answer = (asked, response) =>
  void response.end(
    JSON.stringify({ results: asked.map(({ latitude }) => ({ elevation: latitude < 0 ? null : latitude * 10 })) }),
  );

const at = (lat: number, lng: number) => ({ lat, lng });

test("tiles are found plain, gzipped and zipped; where there is none nothing is known", async () => {
  const source = hgtFolder(
    folder({
      "N57W005.hgt": tile(100),
      "N58W005.hgt.gz": gzipSync(tile(200)),
      "N59W005.hgt.zip": zipSync({ "N59W005.hgt": tile(300) }),
      "N60W005.zip": zipSync({ "readme.txt": new Uint8Array(3), "N60W005.hgt": tile(0) }),
    }),
    { tiles: 2 },
  );
  const places = [at(57.5, -4.5), at(58.5, -4.5), at(61.5, -4.5), at(59.5, -4.5), at(57.6, -4.5), at(60.5, -4.5)];
  const heights = [100, 200, null, 300, 100, 0];
  expect(await source.heights(places)).toEqual({ heights, failure: null });
  expect(await source.heights(places.toReversed())).toEqual({ heights: heights.toReversed(), failure: null });
});

test("a tile is read once while it is kept, and again when others took its place", async () => {
  const path = folder({ "N57W005.hgt": tile(100), "N58W005.hgt": tile(200) });
  const source = hgtFolder(path, { tiles: 1 });
  const height = async (lat: number) => {
    const answer = await source.heights([at(lat, -4.5)]);
    return answer.heights[0];
  };
  expect(await height(57.5)).toBe(100);
  writeFileSync(join(path, "N57W005.hgt"), tile(111));
  expect(await height(57.5)).toBe(100);
  expect(await height(58.5)).toBe(200);
  expect(await height(57.5)).toBe(111);
});

test("a tile that is cut off, packed wrong, or packed too well is told, and read again once it is mended", async () => {
  const path = folder({});
  const source = hgtFolder(path);
  const ask = () => source.heights([at(57.5, -4.5)]);
  for (const [name, bytes, message] of [
    ["N57W005.hgt", tile(1).subarray(0, 1_000), "1000 bytes"],
    ["N57W005.hgt.gz", Buffer.from("no gzip"), "cannot be unpacked"],
    ["N57W005.hgt.gz", gzipSync(Buffer.alloc(30_000_000)), "cannot be unpacked"],
    ["N57W005.hgt.zip", zipSync({ "N57W005.hgt": new Uint8Array(30_000_000) }), "refused"],
    ["N57W005.zip", zipSync({ "a.txt": new Uint8Array(1) }), "no .hgt file"],
  ] as const) {
    writeFileSync(join(path, name), bytes);
    expect(await ask()).toMatchObject({ failure: expect.stringContaining(message) });
    rmSync(join(path, name));
    expect(await ask()).toEqual({ heights: [null], failure: null });
  }
  writeFileSync(join(path, "N57W005.hgt"), tile(5));
  expect(await ask()).toEqual({ heights: [5], failure: null });
});

test("a broken tile costs only its own places", async () => {
  const source = hgtFolder(folder({ "N57W005.hgt": tile(1).subarray(0, 1_000), "N58W005.hgt": tile(200) }));
  expect(await source.heights([at(57.5, -4.5), at(58.5, -4.5)])).toMatchObject({
    heights: [null, 200],
    failure: expect.stringContaining("N57W005.hgt"),
  });
});

test("a service is asked in batches, once for each place, and again only for what it did not know", async () => {
  const { url, asked } = await service(rising);
  const source = elevationService({ url, batch: 2 });
  const places = [at(1, 0), at(2, 0), at(1, 0), at(-3, 0), at(1.000_001, 0)];
  expect(await source.heights(places)).toEqual({ heights: [10, 20, 10, null, 10], failure: null });
  expect(asked).toEqual([2, 1]);
  await source.heights(places);
  expect(asked).toEqual([2, 1, 1]);
});

test.each<[string, Answer, string]>([
  ["an error", (_, response) => void response.writeHead(503).end("{}"), "503"],
  ["no JSON", (_, response) => void response.end("<html>"), "JSON"],
  ["too few results", (_, response) => void response.end(`{"results":[]}`), "2 places"],
  [
    "heights that cannot be",
    (_, response) => void response.end(`{"results":[{"elevation":1},{"elevation":99999}]}`),
    "something else",
  ],
  ["a redirection", (_, response) => void response.writeHead(302, { location: "/other" }).end(), "did not help"],
  ["an endless answer", (_, response) => void response.end(Buffer.alloc(5_000_000, " ")), "longer than"],
  ["nothing in time", () => undefined, "did not help"],
])("a service that answers with %s has failed, and is asked again the next time", async (_, answer, message) => {
  let broken = true;
  const { url, asked } = await service((places, response) => (broken ? answer : rising)(places, response));
  const source = elevationService({ url, timeoutMs: 300 });
  const places = [at(1, 0), at(2, 0)];
  expect(await source.heights(places)).toMatchObject({ failure: expect.stringContaining(message) });
  broken = false;
  expect(await source.heights(places)).toEqual({ heights: [10, 20], failure: null });
  expect(asked).toEqual([2, 2]);
});

test("what tiles do not know a service is asked for; each elevation says who knew it", async () => {
  const { url, asked } = await service(rising);
  const dem = hgtFolder(folder({ "N57W005.hgt": tile(100) }));
  const sources = [dem, elevationService({ url })];
  expect(await elevationsOf([at(57.5, -4.5), at(1, 0), at(-1, 0)], sources)).toEqual({
    elevations: [
      { elevation: 100, source: "dem" },
      { elevation: 10, source: "service" },
      { elevation: null, source: "unknown" },
    ],
    failures: [],
  });
  expect(asked).toEqual([2]);
  const gone = elevationService({ url: "http://127.0.0.1:9/", timeoutMs: 500 });
  expect(await elevationsOf([at(1, 0)], [dem, gone])).toMatchObject({
    elevations: [{ source: "unknown" }],
    failures: [{ source: "service" }],
  });
});
