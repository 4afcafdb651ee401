import { execFile } from "node:child_process";
import { dirname, delimiter } from "node:path";

/** How a program is run: its folder and what is added to the environment. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const INSTALL: Readonly<Record<string, string>> = {
  npm: "install Node.js with npm",
  pip: "install pip (Debian, Ubuntu: python3-pip)",
};

/** The caller's own environment: without the folder that puts the launcher's node before the machine's. */
function outerEnvironment(): NodeJS.ProcessEnv {
  const wrapper = process.env["JS_BINARY__NODE_WRAPPER"];
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return { ...process.env, PATH: path.filter((folder) => !wrapper || folder !== dirname(wrapper)).join(delimiter) };
}

/** Runs a program to its end and returns what it wrote; throws with what it said when it fails or is not there. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd: options.cwd, env: { ...outerEnvironment(), ...options.env }, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        if (error.code === "ENOENT") {
          return reject(
            new Error(`${program} is not on PATH: ${INSTALL[program] ?? "install it"}, then run this again`),
          );
        }
        const said = stderr.trim().split("\n").slice(-8).join("\n  ");
        reject(
          new Error(`\`${program} ${args.join(" ")}\` ended with status ${error.code}:\n  ${said}`, { cause: error }),
        );
      },
    );
  });
}
