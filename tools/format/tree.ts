import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { contentDigest, digest } from "./digest.ts";
import { isShellLine, needsFirstLine } from "./languages.ts";
import { writeAtomically } from "./memory.ts";

/** What is known of a file's content: its digest, and whether its first line names a shell where that decides. */
export interface Known {
  readonly digest: string;
  readonly shell: boolean;
}

/** The tools that the last run used: `name` to digests of the tool and of its configuration. */
export type LastTools = Readonly<Record<string, readonly [tool: string, config: string]>>;

/**
 * The files of a checkout. Digests are taken from the last run while a file's size, times and inode are the same, so
 * that an unchanged tree is not read at all.
 */
export interface Tree {
  readonly root: string;
  /** What the last run saw, as it was before this one. */
  readonly before: { digestOf(path: string): string | undefined; readonly tools: LastTools };
  /** Undefined for what is not a regular file of the tree: missing, a folder, a link, or below a link. */
  known(path: string): Known | undefined;
  /** The digest of any file of this machine (a tool); undefined when it cannot be read. */
  digestOfTool(file: string): string | undefined;
  /** The bytes as they are now. */
  read(path: string): Buffer;
  /** Keeps what was learnt, if anything was. Without `tools` the run saw a part of the tree: the rest stays as it was. */
  save(tools?: LastTools): void;
}

/** Times are trusted only once a file has been at rest this long: file systems count in steps. */
const AT_REST_MS = 2_000;

type Row = readonly [size: number, mtimeMs: number, ctimeMs: number, inode: number, digest: string, shell: 0 | 1];

/** Opens the tree at `root`, with what an earlier run left in `folder`. `now` is in milliseconds. */
export function openTree(root: string, folder: string, now: () => number): Tree {
  const file = join(folder, `tree-1-${digest(root)}.json`);
  const before = load(file);
  const rows = new Map<string, Row>();
  const folders = new Set<string>(["."]);
  let changed = false;

  const isFolder = (path: string): boolean => {
    if (folders.has(path)) return true;
    const is =
      isFolder(dirname(path)) && lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
    if (is) folders.add(path);
    return is;
  };

  const learn = (name: string, absolute: string, stat: Stats): Known => {
    const old = rows.get(name) ?? before.rows.get(name);
    if (old !== undefined && sameStat(old, stat)) {
      rows.set(name, old);
      return { digest: old[4], shell: old[5] === 1 };
    }
    const seen = now();
    const content = readFileSync(absolute);
    const shell = needsFirstLine(name) && isShellLine(content.toString("latin1", 0, 80).split("\n", 1)[0] ?? "");
    const atRest = Math.max(stat.mtimeMs, stat.ctimeMs) < seen - AT_REST_MS;
    const row: Row = [
      stat.size,
      atRest ? stat.mtimeMs : -1,
      stat.ctimeMs,
      stat.ino,
      contentDigest(content),
      shell ? 1 : 0,
    ];
    changed ||= old === undefined || atRest || old[4] !== row[4];
    rows.set(name, row);
    return { digest: row[4], shell };
  };

  return {
    root,
    before: { digestOf: (path) => before.rows.get(path)?.[4], tools: before.tools },
    known(path) {
      if (!isFolder(dirname(path))) return undefined;
      const absolute = join(root, path);
      const stat = lstatSync(absolute, { throwIfNoEntry: false });
      return stat?.isFile() ? learn(path, absolute, stat) : undefined;
    },
    digestOfTool(tool) {
      try {
        const absolute = realpathSync(resolve(tool));
        return learn(absolute, absolute, statSync(absolute)).digest;
      } catch {
        return undefined;
      }
    },
    read: (path) => readFileSync(join(root, path)),
    save(tools) {
      const gone = tools !== undefined && [...before.rows.keys()].some((path) => !rows.has(path));
      const kept = tools === undefined ? new Map([...before.rows, ...rows]) : rows;
      const used = tools ?? before.tools;
      if (!changed && !gone && JSON.stringify(used) === JSON.stringify(before.tools)) return;
      writeAtomically(file, JSON.stringify({ tools: used, rows: [...kept] }));
    },
  };
}

function sameStat(row: Row, stat: Stats): boolean {
  return row[0] === stat.size && row[1] === stat.mtimeMs && row[2] === stat.ctimeMs && row[3] === stat.ino;
}

function load(file: string): { rows: Map<string, Row>; tools: LastTools } {
  try {
    const { rows, tools } = JSON.parse(readFileSync(file, "utf8")) as { rows: [string, Row][]; tools: LastTools };
    return { rows: new Map(rows), tools };
  } catch {
    return { rows: new Map(), tools: {} };
  }
}
