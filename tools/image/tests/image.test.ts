import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { platformImages, topDescriptor } from "../layout.ts";
import { layerEntries } from "./archive.ts";

const layout = process.env["IMAGE"]!;
const images = platformImages(layout);

test("the index has both platforms", () => {
  expect(images.map((image) => image.platform)).toEqual(["linux/amd64", "linux/arm64"]);
  expect(images.map((image) => `${image.config.os}/${image.config.architecture}`)).toEqual([
    "linux/amd64",
    "linux/arm64",
  ]);
});

test("every blob is what its name says", () => {
  for (const hex of readdirSync(join(layout, "blobs/sha256"))) {
    expect(
      createHash("sha256")
        .update(readFileSync(join(layout, "blobs/sha256", hex)))
        .digest("hex"),
    ).toBe(hex);
  }
});

test("the digest file names the index", () => {
  expect(readFileSync(process.env["DIGEST"]!, "utf8").trim()).toBe(topDescriptor(layout).digest);
});

test("our code and npm's are the same layers on both platforms", () => {
  const [amd64, arm64] = images.map((image) => image.layers.slice(2).map((layer) => layer.digest));
  expect(amd64).toEqual(arm64);
  expect(amd64).toHaveLength(2);
});

test("our code is the last layer, and small", () => {
  for (const image of images) expect(image.layers.at(-1)!.size).toBeLessThan(64 * 1024);
});

describe.each(images)("$platform", (image) => {
  const entries = [...layerEntries(layout, image)];
  const paths = new Set(entries.map((entry) => entry.path));

  test("runs Node on the bundle as uid 1000 in /app", () => {
    expect(image.config.config).toMatchObject({
      Entrypoint: ["/usr/bin/node", "--enable-source-maps", "/app/app/main.mjs"],
      ExposedPorts: { "8080/tcp": {} },
      User: "1000:1000",
      WorkingDir: "/app",
    });
    expect(image.config.config.Env).toEqual(
      expect.arrayContaining(["NODE_ENV=production", "PATH=/usr/bin", "HOST=0.0.0.0", "PORT=8080", "GREETING=hello"]),
    );
    expect(image.config.config.Cmd).toBeUndefined();
    expect([...paths]).toEqual(
      expect.arrayContaining([
        "usr/bin/node",
        "app/app/main.mjs",
        "app/app/main.mjs.map",
        "etc/ssl/certs/ca-certificates.crt",
      ]),
    );
  });

  test("was made at no particular time, and nothing in it has one", () => {
    expect(image.config.created).toBe("1970-01-01T00:00:00Z");
    expect(new Set(entries.map((entry) => entry.mtime))).toEqual(new Set([Date.UTC(2000, 0, 1) / 1000]));
  });

  test("belongs to root, and nobody else can write to it but to /tmp", () => {
    expect(entries.filter((entry) => entry.uid !== 0 || entry.gid !== 0).map((entry) => entry.path)).toEqual([]);
    expect(
      entries.filter((entry) => entry.type !== "link" && (entry.mode & 0o022) !== 0).map((entry) => entry.path),
    ).toEqual(["tmp"]);
  });

  test("has no program but Node: no shell, no npm, no package manager", () => {
    const programs = entries
      .filter((entry) => entry.type === "file" && (entry.mode & 0o111) !== 0)
      .map((entry) => entry.path);
    const libraries = /^usr\/lib\/(x86_64|aarch64)-linux-gnu\//;
    expect(programs.filter((path) => !libraries.test(path))).toEqual(["usr/bin/node"]);
    expect(
      [...paths]
        .filter((path) => /(^|\/)(sh|bash|dash|busybox|npm|npx|corepack|apt|apt-get|dpkg)$/.test(path))
        .filter((path) => path !== "var/lib/dpkg"),
    ).toEqual([]);
    expect([...paths].filter((path) => path.includes("node_modules"))).toEqual([]);
  });

  test("keeps the licence of everything in it, and tells scanners which packages it has", () => {
    const packages = [...paths]
      .filter((path) => path.startsWith("var/lib/dpkg/status.d/"))
      .map((path) => path.split("/").at(-1)!);
    expect(packages).toEqual(expect.arrayContaining(["ca-certificates", "libc6"]));
    for (const name of packages)
      expect(paths.has(`usr/share/doc/${name}/copyright`) || paths.has(`usr/share/doc/${name}`), name).toBe(true);
    expect(paths.has("usr/share/doc/nodejs/copyright")).toBe(true);
  });

  test("every link leads to something in it", () => {
    const broken = entries.filter((entry) => {
      const target = join("/", entry.path, "..", entry.link).slice(1);
      return entry.type === "link" && !entry.link.startsWith("/") && !paths.has(target);
    });
    expect(broken.map((entry) => `${entry.path} -> ${entry.link}`)).toEqual([]);
  });
});
