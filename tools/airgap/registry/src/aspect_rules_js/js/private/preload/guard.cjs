"use strict";
// Where a symlink leads, seen by a program that must not see beyond its roots: the execution root and the runfiles. A link out of
// them is how Bazel puts an input there, so it passes for the file or folder itself. A link that stands for another link (runfiles
// are links to outputs, and an output may be a link within node_modules) leads where that one leads, within the roots.
const path = require("node:path");

const MOST_HOPS = 64;

function within(root, file) {
  return file === root || (file.startsWith(root) && file[root.length] === path.sep);
}

/**
 * The guard of some roots. `fs` has the unpatched lstatSync, readlinkSync and realpathSync.native.
 * Paths are absolute and normal. A path that is in no root is nobody's concern here.
 */
module.exports = function guard(given, fs) {
  const roots = [...new Set(given.flatMap((root) => [path.resolve(root), realRoot(root)]))].filter(
    (root) => root !== undefined,
  );
  const folders = new Map();

  function realRoot(root) {
    try {
      return fs.realpathSync.native(root);
    } catch {
      return undefined;
    }
  }

  function contains(file) {
    return roots.some((root) => within(root, file));
  }

  /** Whether a root has the one and not the other. */
  function escapes(from, to) {
    return roots.some((root) => within(root, from) && !within(root, to));
  }

  function readLink(file) {
    try {
      return path.resolve(path.dirname(file), fs.readlinkSync(file));
    } catch {
      return undefined;
    }
  }

  /** Where a symlink leads within the roots; undefined where it passes for what it leads to. `link` has no links in its folders. */
  function follow(link) {
    let target = readLink(link);
    if (target === undefined || !escapes(link, target)) return target;
    for (let hop = 0; hop < MOST_HOPS; hop++) {
      const next = readLink(target);
      if (next === undefined) return undefined;
      const mirrored = path.resolve(path.dirname(link), path.relative(path.dirname(target), next));
      if (mirrored !== link && !escapes(link, mirrored) && fs.lstatSync(mirrored, { throwIfNoEntry: false }))
        return mirrored;
      target = next;
    }
    return undefined;
  }

  /** The path without links, as a program within the roots sees it. */
  function real(file, hops = 0) {
    if (!contains(file) || roots.includes(file)) return file;
    const here = path.join(realFolder(path.dirname(file), hops), path.basename(file));
    if (!fs.lstatSync(here, { throwIfNoEntry: false })?.isSymbolicLink()) return here;
    const target = hops < MOST_HOPS ? follow(here) : undefined;
    return target === undefined ? here : real(target, hops + 1);
  }

  // What lies in node_modules is an input and stays as it is while the program runs.
  function realFolder(folder, hops) {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = real(folder, hops);
    if (folder.includes("/node_modules/")) folders.set(folder, found);
    return found;
  }

  /** The place of a link itself: its folders without links. */
  function place(link) {
    return path.join(realFolder(path.dirname(link), 0), path.basename(link));
  }

  return { contains, escapes, follow, place, real };
};
