import { type Command, type Io, Refusal } from "./command.ts";

/** Runs a command by name; what it throws becomes a message and a status: 1 for a refusal, 70 for a fault of the engine. */
export async function runCommand(
  commands: Readonly<Record<string, Command>>,
  name: string,
  params: string,
  io: Io,
): Promise<number> {
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new Error(`expected one of the commands ${Object.keys(commands).sort().join(", ")}, received "${name}"`);
    }
    return await command(JSON.parse(params) as never, io);
  } catch (error) {
    if (error instanceof Refusal) {
      io.say(`\nrules_wrangler: ${error.message}\n\n`);
      return 1;
    }
    io.say(`rules_wrangler: a fault of the engine, in the command ${name}: ${fault(error)}\n`);
    return 70;
  }
}

function fault(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
