/** A command line, understood. */
export interface Call {
  readonly name: string;
  /** JSON. */
  readonly params: string;
  readonly args: readonly string[];
}

/** Reads `@FILE arguments...`, where FILE has a command's name and its parameters as JSON, a line each. */
export async function parseArgs(argv: readonly string[], read: (path: string) => Promise<string>): Promise<Call> {
  const [file, ...args] = argv;
  if (file === undefined || !file.startsWith("@")) {
    throw new Error(`expected @FILE with a command and its parameters, received ${file ?? "nothing"}`);
  }
  return { ...parseLines((await read(file.slice(1))).trimEnd().split("\n"), file), args };
}

/** Takes a command's name and its parameters from two lines; `from` is where they stand, for messages. */
export function parseLines(lines: readonly string[], from: string): Pick<Call, "name" | "params"> {
  const [name, params] = lines;
  if (lines.length !== 2 || name === undefined || params === undefined) {
    throw new Error(`${from}: expected two lines, a command and its parameters, received ${lines.length}`);
  }
  return { name, params };
}
