import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file of a site, as it was uploaded. */
export interface Asset {
  readonly contentType: string | null;
  readonly bytes: Buffer;
}

/** Keeps everything in one folder: `assets/<hash>`, and a JSON file for each project and script. Each write is whole or not at all. */
export class Store {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    for (const folder of ["assets", "projects", "scripts"]) mkdirSync(join(root, folder), { recursive: true });
  }

  /** Whether an asset was uploaded. */
  has(hash: string): boolean {
    return existsSync(this.#asset(hash));
  }

  /** Takes an asset. */
  put(hash: string, { contentType, bytes }: Asset): void {
    this.#write(`${this.#asset(hash)}.type`, JSON.stringify(contentType));
    this.#write(this.#asset(hash), bytes);
  }

  /** An asset that `has` knows. */
  get(hash: string): Asset {
    const contentType = JSON.parse(readFileSync(`${this.#asset(hash)}.type`, "utf8")) as string | null;
    return { contentType, bytes: readFileSync(this.#asset(hash)) };
  }

  /** The record of a project or a script; undefined when there is none. */
  read<T>(kind: "projects" | "scripts", name: string): T | undefined {
    const file = this.#record(kind, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
  }

  /** Replaces a record. */
  save(kind: "projects" | "scripts", name: string, record: unknown): void {
    this.#write(this.#record(kind, name), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** All records of a kind. */
  list<T>(kind: "projects" | "scripts"): readonly T[] {
    return readdirSync(join(this.#root, kind))
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(this.#root, kind, file), "utf8")) as T);
  }

  #asset(hash: string): string {
    if (!/^[0-9a-f]{32}$/.test(hash)) throw new Error(`expected a hash of 32 hexadecimal digits, received "${hash}"`);
    return join(this.#root, "assets", hash);
  }

  #record(kind: string, name: string): string {
    if (!/^[a-z0-9_-]+$/i.test(name)) throw new Error(`expected a name, received "${name}"`);
    return join(this.#root, kind, `${name}.json`);
  }

  #write(file: string, content: string | Buffer): void {
    const part = join(dirname(file), `.${randomUUID()}`);
    writeFileSync(part, content);
    renameSync(part, file);
  }
}
