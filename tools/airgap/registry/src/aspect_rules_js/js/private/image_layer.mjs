// Writes one layer of a js_binary: the runfiles that its group takes, with fixed times, owners and modes.
import {
  createReadStream,
  createWriteStream,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { isAbsolute, join, posix } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

const [output, group, entriesFile, settingsFile] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
const patterns = settings.groups.map(([name, pattern]) => [name, new RegExp(pattern)]);
const preserved = new RegExp(settings.preserveSymlinks);
const mode = { directory: parseInt(settings.directoryMode, 8), file: parseInt(settings.fileMode, 8), link: 0o775 };

/** The launcher as it has to be in an image: nothing of the machine that built it, and it runs where it is started. */
function launcher() {
  return readFileSync(settings.launcher, "utf8")
    .replace(/^#!.*\n/, (line) => `${line}export BAZEL_BINDIR=.\n`)
    .replace(/^export JS_BINARY__BINDIR=.*$/m, 'export JS_BINARY__BINDIR="$PWD"')
    .replace(/^export JS_BINARY__TARGET_CPU=.*$/m, 'export JS_BINARY__TARGET_CPU="$(uname -m)"');
}

/** What a path holds: a link with a relative target that is to be kept, or the file that it leads to. */
function content(key, path) {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink() && preserved.test(key)) {
    const target = readlinkSync(path);
    if (!isAbsolute(target)) return { link: target };
  }
  return { file: path };
}

/** All files at or below a path, as pairs of their places in the image and what they hold. */
function* walk(key, path, isFolder) {
  if (!isFolder) {
    yield [key, content(key, path)];
    return;
  }
  for (const one of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, one.name);
    const folder =
      one.isDirectory() || (one.isSymbolicLink() && isAbsolute(readlinkSync(inner)) && statSync(inner).isDirectory());
    yield* walk(`${key}/${one.name}`, inner, folder);
  }
}

/** Everything that the image holds, by its place in it. */
function* everything() {
  const runfiles = `${settings.program}.runfiles`;
  yield [settings.program, { text: launcher() }];
  if (settings.mapping) yield [`${runfiles}/_repo_mapping`, { file: settings.mapping }];
  for (const line of readFileSync(entriesFile, "utf8").split("\n").filter(Boolean)) {
    const [below, path, isFolder] = JSON.parse(line);
    const key = `${runfiles}/${below}`;
    if (path === settings.launcher) yield [key, { text: launcher() }];
    else yield* walk(key, path, isFolder);
  }
}

/** A header block; `type` is 0 for a file, 2 for a link, 5 for a folder, x for the fields that a block is too short for. */
function block(path, type, size, permissions, link = "") {
  const header = Buffer.alloc(512);
  const octal = (value, offset, length) => header.write(value.toString(8).padStart(length - 1, "0"), offset);
  header.write(path, 0, 100);
  octal(permissions, 100, 8);
  octal(settings.uid, 108, 8);
  octal(settings.gid, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write("ustar\u000000", 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return header;
}

const padding = (size) => Buffer.alloc((512 - (size % 512)) % 512);

/** The header of an entry, with a pax record before it for each name that is too long. */
function header(path, type, size, permissions, link = "") {
  const long = Object.entries({ path, linkpath: link }).filter(([, value]) => Buffer.byteLength(value) > 100);
  const records = long.map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest);
    while (length !== Buffer.byteLength(rest) + String(length).length)
      length = Buffer.byteLength(rest) + String(length).length;
    return `${length}${rest}`;
  });
  const pax = Buffer.from(records.join(""));
  const before = pax.length > 0 ? [block("PaxHeader", "x", pax.length, 0o644), pax, padding(pax.length)] : [];
  return Buffer.concat([...before, block(path, type, size, permissions, link)]);
}

/** The archive's bytes: entries by name, each after the folders that it lies in. */
async function* archive(entries) {
  const folders = new Set(["."]);
  for (const [key, { file, link, text }] of entries) {
    const path = `./${key}`;
    const parents = [];
    for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder))
      parents.unshift(folder);
    for (const folder of parents) {
      folders.add(folder);
      yield header(`${folder}/`, "5", 0, mode.directory);
    }
    if (link !== undefined) {
      yield header(path, "2", 0, mode.link, link);
      continue;
    }
    const size = text === undefined ? statSync(file).size : Buffer.byteLength(text);
    yield header(path, "0", size, mode.file);
    if (text === undefined) yield* createReadStream(file, { highWaterMark: 1 << 20 });
    else yield Buffer.from(text);
    yield padding(size);
  }
  yield Buffer.alloc(1024);
}

const taken = new Map(
  [...everything()].filter(([key]) => patterns.find(([, pattern]) => pattern.test(key))?.[0] === group),
);
const entries = [...taken].sort(([a], [b]) => (a < b ? -1 : 1));
await pipeline(Readable.from(archive(entries)), ...(settings.gzip ? [createGzip()] : []), createWriteStream(output));
