import { execFileSync } from "node:child_process";
import { Refusal } from "../command.ts";

/** A commit that was found. */
export interface Commit {
  readonly id: string;
  /** What people call it: `main (1a2b3c4)`. */
  readonly label: string;
}

/** A git checkout, seen from a folder in it (the workspace, which may be a part of the repository). */
export class Checkout {
  readonly #folder: string;

  /** @param folder an absolute path */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The commit of a branch, a tag or anything else that git understands. Throws a `Refusal` when there is none. */
  commit(ref: string): Commit {
    const id = this.#find(ref);
    if (id !== undefined) return { id, label: label(ref, id) };
    throw new Refusal(`git knows no commit "${ref}"`, [
      "expected a branch, a tag or a commit that is in this clone",
      "where it is only in the remote repository: git fetch origin " + ref.replace(/^origin\//, ""),
    ]);
  }

  /** The first of these that is a commit. Throws a `Refusal` when none is. */
  firstOf(refs: readonly string[]): string {
    const found = refs.find((ref) => this.#find(ref) !== undefined);
    if (found !== undefined) return found;
    throw new Refusal(`there is no branch to compare with: neither ${refs.join(" nor ")}`, [
      "name one: --base REF",
      "or fetch it: git fetch origin " + refs.at(-1)!,
    ]);
  }

  /** Where a head left a base. Throws a `Refusal` when they have no commit in common, as in a shallow clone. */
  mergeBase(base: Commit, head: Commit): Commit {
    const id = this.#try(["merge-base", base.id, head.id])?.toString().trim();
    if (id !== undefined && id !== "")
      return { id, label: id === base.id ? base.label : label(`where it left ${base.label.replace(/ \(.*/, "")}`, id) };
    throw new Refusal(`${base.label} and ${head.label} have no commit in common`, [
      "in a shallow clone: git fetch --unshallow (in CI: a checkout with the whole history)",
      "or compare with the commit itself: --direct",
    ]);
  }

  /** The files below a folder of a commit, by path from this folder. One that is not there has none. */
  files(commit: Commit, folder: string, wanted: (path: string) => boolean): Map<string, Buffer> {
    const place = folder === "" ? "." : folder;
    const listed = this.#run(["ls-tree", "-r", "-z", commit.id, "--", place]).toString("utf8").split("\0");
    const prefix = folder === "" ? "" : `${folder}/`;
    const entries = listed.flatMap((line) => {
      const [, type, id, path] = /^1006?\d* (\w+) (\w+)\t([^]*)$/.exec(line) ?? [];
      const below = path?.startsWith(prefix) === true ? path.slice(prefix.length) : undefined;
      return type === "blob" && id !== undefined && below !== undefined && wanted(below) ? [{ id, path: below }] : [];
    });
    const blobs = this.#blobs([...new Set(entries.map(({ id }) => id))]);
    return new Map(entries.map(({ id, path }) => [path, blobs.get(id)!]));
  }

  #blobs(ids: readonly string[]): ReadonlyMap<string, Buffer> {
    if (ids.length === 0) return new Map();
    const output = this.#run(["cat-file", "--batch"], `${ids.join("\n")}\n`);
    const blobs = new Map<string, Buffer>();
    for (let at = 0; at < output.length;) {
      const end = output.indexOf(10, at);
      const [id = "", type = "", size = ""] = output.toString("latin1", at, end).split(" ");
      if (type !== "blob")
        throw new Error(`git cat-file: expected a blob, received "${id} ${type} ${size}"; mend the clone: git fsck`);
      blobs.set(id, output.subarray(end + 1, end + 1 + Number(size)));
      at = end + 1 + Number(size) + 1;
    }
    return blobs;
  }

  #find(ref: string): string | undefined {
    const id = this.#try(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
      ?.toString()
      .trim();
    return id === "" ? undefined : id;
  }

  #try(args: readonly string[]): Buffer | undefined {
    try {
      return this.#run(args);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return undefined;
    }
  }

  #run(args: readonly string[], input?: string): Buffer {
    try {
      return execFileSync("git", args, {
        cwd: this.#folder,
        input: input ?? "",
        maxBuffer: 2 ** 31 - 1,
        stdio: ["pipe", "pipe", "pipe"],
      });
    } catch (cause) {
      const { code, stderr } = cause as { code?: string; stderr?: Buffer };
      if (code === "ENOENT")
        throw new Refusal("there is no git on PATH", [
          "expected git, which has the manifests as they were; install it",
        ]);
      const said = stderr?.toString() ?? "";
      if (/not a git repository|dubious ownership/.test(said)) {
        throw new Refusal(`${this.#folder} cannot be read as a git checkout`, [said]);
      }
      throw new Error(`git ${args.join(" ")}: ${said}`, { cause });
    }
  }
}

function label(name: string, id: string): string {
  return id.startsWith(name) ? id.slice(0, 7) : `${name} (${id.slice(0, 7)})`;
}
