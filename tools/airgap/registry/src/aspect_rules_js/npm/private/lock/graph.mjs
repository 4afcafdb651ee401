// From the parsed lock file to what Bazel has to know: the packages of this platform, their links and their transitive closures.

const STORE_LENGTH = 60;
const PEERS_LENGTH = 32;
const HASH_LENGTH = 10;

/** The 32-bit hash that Starlark's hash() computes, as a string. */
function starlarkHash(text) {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return String(Math.abs(hash));
}

function shorten(key) {
  const versionAt = key.indexOf("@", 1);
  let peersAt = key.indexOf("(", versionAt);
  if (peersAt < 0) peersAt = key.length;
  else if (key.length - peersAt > PEERS_LENGTH || key.length > STORE_LENGTH)
    key = `${key.slice(0, peersAt)}(${starlarkHash(key.slice(peersAt))})`;
  if (key.length > STORE_LENGTH) {
    const version = key.slice(versionAt, peersAt);
    const hashed = `@${starlarkHash(version)}`;
    if (hashed.length < version.length) key = key.slice(0, versionAt) + hashed + key.slice(peersAt);
  }
  if (key.length > STORE_LENGTH) key = `${key.slice(0, STORE_LENGTH - HASH_LENGTH - 1)}_${starlarkHash(key)}`;
  return key;
}

/** The folder of a package in node_modules/.aspect_rules_js, the same name in both lanes. */
export function storeName(key) {
  const name = shorten(key)
    .replace(/[/:]/g, "+")
    .replace(/[^\w.+@-]/g, "\0")
    .replace(/_?\0+/g, "_");
  return name.replace(/[_.-]+$/, "");
}

function matches(allowed, found) {
  if (!allowed || allowed.length === 0) return true;
  if (allowed.includes(`!${found}`)) return false;
  const positive = allowed.filter((one) => one[0] !== "!");
  return positive.length === 0 || positive.includes(found) || positive.includes("any");
}

function suits(packageEntry, platform) {
  const libc = platform.libc === "" || matches(packageEntry.libc, platform.libc);
  return matches(packageEntry.os, platform.os) && matches(packageEntry.cpu, platform.cpu) && libc;
}

function nameOf(key) {
  return key.slice(0, key.indexOf("@", 1));
}

function normalize(folder, link) {
  const parts = folder === "." ? [] : folder.split("/");
  for (const part of link.split("/")) {
    if (part === "..") {
      if (parts.length === 0) throw new Error(`the link ${link} of ${folder} leads out of the workspace`);
      parts.pop();
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/**
 * The part of a lock file (version 9) that one platform needs.
 * Returns `packages`: store name -> {name, version, integrity, hasBin, deps: {alias: [store name, name]}, closure: [store names]},
 * `importers`: folder -> {alias: {store, dev, path}}; a link has a `path` where it leads to a package of the workspace.
 */
export function resolveLock(lock, platform, options) {
  if (!/^9\./.test(lock.lockfileVersion ?? "")) {
    throw new Error(
      `lockfileVersion is ${lock.lockfileVersion}, expected 9.0: run "pnpm install --lockfile-only" with pnpm 9 or later`,
    );
  }
  if (lock.patchedDependencies)
    throw new Error(
      "it has patchedDependencies, which the airgap lane does not apply: take the patches out of the workspace",
    );
  const packages = new Map();

  function add(key) {
    const store = storeName(key);
    if (packages.has(store)) return store;
    const bare = key.includes("(") ? key.slice(0, key.indexOf("(")) : key;
    const entry = lock.packages[bare];
    const integrity = entry?.resolution?.integrity;
    if (!integrity)
      throw new Error(`the package ${bare} has no integrity; only packages of an npm registry are supported`);
    const snapshot = lock.snapshots[key] ?? {};
    const made = {
      key,
      name: nameOf(key),
      version: entry.version ?? bare.slice(nameOf(bare).length + 1),
      integrity,
      hasBin: entry.hasBin === true,
      deps: {},
    };
    packages.set(store, made);
    for (const [field, optional] of [
      ["dependencies", false],
      ["optionalDependencies", true],
    ]) {
      if (optional && options.noOptional) continue;
      for (const [alias, reference] of Object.entries(snapshot[field] ?? {})) {
        const dependency = keyOf(alias, reference, `${key} depends on`);
        if (!wanted(dependency, optional)) continue;
        made.deps[alias] = [add(dependency), nameOf(dependency)];
      }
    }
    return store;
  }

  function keyOf(alias, reference, asker) {
    for (const key of [`${alias}@${reference}`, reference]) if (key in lock.snapshots) return key;
    throw new Error(`${asker} ${alias} ${reference}, which snapshots do not name: run "pnpm install --lockfile-only"`);
  }

  function wanted(key, optional) {
    const bare = key.includes("(") ? key.slice(0, key.indexOf("(")) : key;
    return !optional || suits(lock.packages[bare] ?? {}, platform);
  }

  const importers = {};
  for (const [folder, importer] of Object.entries(lock.importers ?? {})) {
    const links = (importers[folder === "." ? "" : folder] = {});
    for (const [field, dev, optional] of [
      ["dependencies", false, false],
      ["optionalDependencies", false, true],
      ["devDependencies", true, false],
    ]) {
      if ((dev && options.noDev) || (optional && options.noOptional)) continue;
      for (const [alias, { version }] of Object.entries(importer?.[field] ?? {})) {
        if (/^(link|file):/.test(version)) {
          const path = normalize(folder, version.replace(/^(link|file):/, ""));
          links[alias] = { store: storeName(`${alias}@0.0.0`), dev, path };
          continue;
        }
        const key = keyOf(alias, version, `${folder} depends on`);
        if (!wanted(key, optional)) continue;
        links[alias] = { store: add(key), dev };
      }
    }
  }

  for (const entry of packages.values()) {
    const closure = new Set();
    const visit = (store) => {
      if (closure.has(store)) return;
      closure.add(store);
      for (const [dependency] of Object.values(packages.get(store).deps)) visit(dependency);
    };
    visit(storeName(entry.key));
    entry.closure = [...closure].sort();
  }
  return { packages: Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1))), importers };
}

/** The platforms that images are made for, whatever machine builds them. */
export const IMAGE_PLATFORMS = {
  linux_arm64: { os: "linux", cpu: "arm64", libc: "glibc" },
  linux_x64: { os: "linux", cpu: "x64", libc: "glibc" },
};

/**
 * A machine's graph with what production dependencies need on the platforms of images. A package that needs something else there has
 * `platforms`: platform -> {deps, closure}, beside its own `deps` and `closure`, which are the machine's.
 */
export function withImagePlatforms(graph, lock, options) {
  const packages = { ...graph.packages };
  for (const [name, platform] of Object.entries(IMAGE_PLATFORMS)) {
    for (const [store, entry] of Object.entries(resolveLock(lock, platform, { ...options, noDev: true }).packages)) {
      const { deps, closure } = entry;
      const known = packages[store];
      if (!known) packages[store] = entry;
      else if (JSON.stringify([deps, closure]) !== JSON.stringify([known.deps, known.closure]))
        packages[store] = { ...known, platforms: { ...known.platforms, [name]: { deps, closure } } };
    }
  }
  return { ...graph, packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
