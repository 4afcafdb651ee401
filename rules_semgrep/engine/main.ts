/**
 * The engine of rules_semgrep: one program, engine.mjs, for what scans; another, sca.mjs, for what reads lockfiles, whose parsers would
 * take each scan longer to load than it takes to run.
 *
 * To add a command, write a `Command<Params>` and a line here. Rules run it through `engine_action` and `engine_program` of
 * `//private:engine.bzl`. A `Refusal` is the way to fail with a message.
 */
import { report, sarif, test, updateBaseline } from "./commands.ts";
import { skip } from "./pro.ts";
import { program } from "./program.ts";
import { rulesTest } from "./rules-test.ts";

await program({ report, "rules-test": rulesTest, sarif, skip, test, "update-baseline": updateBaseline });
