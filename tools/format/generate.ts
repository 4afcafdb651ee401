import { type Generated, generatedKey, type Generator, inputsOf, runGenerator } from "./generators.ts";
import { listEvery } from "./git.ts";
import type { Memory } from "./memory.ts";
import type { Tree } from "./tree.ts";

/** Runs the generators whose inputs or tools changed, side by side, and says what became of each. */
export async function generate(
  run: {
    readonly root: string;
    readonly check: boolean;
    readonly all: boolean;
    readonly generators: readonly Generator[];
  },
  tree: Tree,
  memory: Memory,
  started: () => void,
): Promise<readonly Generated[]> {
  if (run.generators.length === 0) return [];
  const { paths } = await listEvery(run.root);
  return Promise.all(run.generators.map((generator) => one(generator, paths)));

  async function one(generator: Generator, listed: readonly string[]): Promise<Generated> {
    const { name } = generator;
    try {
      const before = inputsOf(generator, tree, listed);
      if (!run.all && memory.has(generatedKey(generator, before))) return { name, kind: "remembered" };
      started();
      const ran = await runGenerator(generator, run.root, run.check);
      const said = `${ran.stdout}${ran.stderr}`.trimEnd() || `it ended with ${ran.end} and said nothing`;
      if (ran.status !== 0) return { name, kind: run.check && ran.status === 1 ? "stale" : "failed", said };
      const after = run.check ? before : inputsOf(generator, tree, (await listEvery(run.root)).paths);
      memory.add(generatedKey(generator, after));
      return run.check ? { name, kind: "fresh" } : { name, kind: "ran", changed: difference(before, after) };
    } catch (error) {
      return { name, kind: "failed", said: (error as Error).message };
    }
  }
}

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}
