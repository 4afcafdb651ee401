/**
 * semgrep-core as an OCI artifact:
 *
 *   main.ts layout OUT VERSION OS/ARCHITECTURE=FOLDER...
 *   main.ts push LAYOUT CRANE VERSION REGISTRY/REPOSITORY [--insecure]
 */
import { resolve } from "node:path";
import { Refusal } from "../engine/command.ts";
import { writeLayout } from "./layout.ts";
import { push } from "./push.ts";

const [command, ...words] = process.argv.slice(2);
try {
  if (command === "layout") {
    const [out = "", version = "", ...engines] = words;
    await writeLayout(
      out,
      engines.map((word) => {
        const [platform = "", folder = ""] = word.split("=");
        const [os = "", architecture = ""] = platform.split("/");
        return { folder, os, architecture };
      }),
      version,
    );
  } else if (command === "push") {
    const insecure = words.includes("--insecure");
    const [layout = "", crane = "", version = "", repository = ""] = words.filter((word) => word !== "--insecure");
    console.log(push({ layout, crane: resolve(crane), version }, repository, insecure).trimEnd());
  } else {
    throw new Refusal(`expected layout or push, received ${command ?? "nothing"}`);
  }
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`rules_semgrep: ${error.message}`);
  process.exitCode = 1;
}
