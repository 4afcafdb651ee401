"use strict";
// Makes Node's fs, and with it the module loaders, see symlinks as the guard does.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const path = require("node:path");
const { fileURLToPath } = require("node:url");
const guard = require("./guard.cjs");

const KINDS = ["isBlockDevice", "isCharacterDevice", "isDirectory", "isFIFO", "isFile", "isSocket"];
const PATCHED = [
  "lstat",
  "lstatSync",
  "realpath",
  "realpathSync",
  "readlink",
  "readlinkSync",
  "readdir",
  "readdirSync",
  "opendir",
  "opendirSync",
];

function absolute(file) {
  if (Buffer.isBuffer(file)) return path.resolve(file.toString());
  return path.resolve(file instanceof URL ? fileURLToPath(file) : String(file));
}

function encoded(text, options) {
  const encoding = typeof options === "string" ? options : options?.encoding;
  if (encoding === "buffer") return Buffer.from(text);
  return encoding && !/^utf-?8$/i.test(encoding) ? Buffer.from(text).toString(encoding) : text;
}

/** Patches fs for programs that must not see beyond `roots`. The functions as they were stay in fs._unpatched. */
module.exports = function patch(roots) {
  const original = Object.fromEntries(PATCHED.map((name) => [name, fs[name]]));
  const promises = { ...fs.promises };
  Object.defineProperty(fs, "_unpatched", { value: original, configurable: true });
  const { contains, escapes, follow, place, real } = guard(roots, original);

  /** What an answer of the original function becomes. `args` are the caller's. */
  const fix = {
    realpath(found, [file, options]) {
      const asked = absolute(file);
      return escapes(asked, found.toString()) ? encoded(real(asked), options) : found;
    },
    lstat(stats, [file, options]) {
      if (!stats?.isSymbolicLink()) return stats;
      const link = absolute(file);
      if (!contains(link) || follow(place(link)) !== undefined) return stats;
      return fs.statSync(file, { ...options, throwIfNoEntry: false }) ?? stats;
    },
    readlink(text, [file, options]) {
      const link = absolute(file);
      if (!contains(link)) return text;
      const at = place(link);
      const target = follow(at);
      if (target === undefined) {
        throw Object.assign(new Error(`EINVAL: invalid argument, readlink '${file}'`), {
          code: "EINVAL",
          errno: -22,
          syscall: "readlink",
          path: String(file),
        });
      }
      if (!escapes(at, path.resolve(path.dirname(at), text.toString()))) return text;
      return encoded(
        path.isAbsolute(text.toString()) ? target : path.relative(path.dirname(at), target) || ".",
        options,
      );
    },
    readdir(entries, [folder]) {
      for (const entry of entries) if (typeof entry === "object" && !Buffer.isBuffer(entry)) fixEntry(entry, folder);
      return entries;
    },
    opendir(dir) {
      return fixDir(dir);
    },
  };

  function fixEntry(entry, folder) {
    if (!entry?.isSymbolicLink()) return entry;
    const link = path.join(absolute(entry.parentPath ?? folder), entry.name.toString());
    if (!contains(link) || follow(place(link)) !== undefined) return entry;
    const stats = fs.statSync(link, { throwIfNoEntry: false });
    if (!stats) return entry;
    entry.isSymbolicLink = () => false;
    for (const kind of KINDS) entry[kind] = () => stats[kind]();
    return entry;
  }

  function fixDir(dir) {
    const { read, readSync } = dir;
    dir.readSync = () => fixEntry(readSync.call(dir), dir.path);
    dir.read = (callback) => {
      if (!callback) return read.call(dir).then((entry) => fixEntry(entry, dir.path));
      return read.call(dir, (error, entry) => (error ? callback(error) : callback(null, fixEntry(entry, dir.path))));
    };
    dir.entries = async function* entries() {
      try {
        for (let entry = await dir.read(); entry !== null; entry = await dir.read()) yield entry;
      } finally {
        await dir.close();
      }
    };
    dir[Symbol.asyncIterator] = dir.entries;
    return dir;
  }

  const sync =
    (name, before) =>
    (...args) =>
      fix[name](before(...args), args);
  const later = (name, before) => {
    const patched = (...args) => {
      const callback = args.at(-1);
      if (typeof callback !== "function") return before(...args);
      return before(...args.slice(0, -1), (error, found) => {
        if (error) return callback(error);
        let fixed;
        try {
          fixed = fix[name](found, args.slice(0, -1));
        } catch (failure) {
          return callback(failure);
        }
        return callback(null, fixed);
      });
    };
    return patched;
  };
  const promised =
    (name, before) =>
    async (...args) =>
      fix[name](await before(...args), args);

  for (const name of Object.keys(fix)) {
    fs[name] = later(name, original[name]);
    fs[`${name}Sync`] = sync(name, original[`${name}Sync`]);
    fs.promises[name] = promised(name, promises[name]);
  }
  fs.realpath.native = later("realpath", original.realpath.native);
  fs.realpathSync.native = sync("realpath", original.realpathSync.native);
  syncBuiltinESMExports();
};
