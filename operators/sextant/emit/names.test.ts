import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { check, generate } from "../compile.ts";
import { readMachine } from "../read/machine.ts";
import { type Repository, temporaryRepository } from "../testing/repository.ts";

let repository: Repository;

beforeEach(() => void (repository = temporaryRepository()));
afterEach(() => repository.remove());

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Words that mean something to TypeScript, or to what is generated. */
const WORDS =
  "default class new delete in typeof void this super import export return get set static async await yield let enum type readonly private arguments eval symbol any never number boolean object name length bind call apply init state handlers guards visit metrics raw reason restart leave entered rules read kept fields key from to params ctx fc edge times evidence contexts statuses trial test expect".split(
    " ",
  );

/** A machine in which every state, field, action, guard and part of the context has such a name. */
function machineOf(words: readonly string[]): string {
  const chain = words.map((word, index) => ({ word, next: words[index + 1] }));
  return `context: { ${words.map((word) => `${word}: boolean`).join(", ")} }
guards: { ${words.map((word) => `${word}: ctx.${word}`).join(", ")} }
states:
  - { name: First, initial: true }
${words.map((word) => `  - { name: In${capital(word)}, fields: { ${word}Id: "evidence(${word}.api, ${word})" } }`).join("\n")}
  - { name: Done, terminal: true, fields: { ${words.map((word) => `${word}: text`).join(", ")} } }
transitions:
  - { from: First, to: In${capital(words[0]!)}, action: Begin, params: { ${words[0]}Id: "evidence(${words[0]}.api, ${words[0]})" } }
${chain
  .map(({ word, next }) =>
    next === undefined
      ? `  - { from: In${capital(word)}, to: Done, action: ${capital(word)}, guard: ${word}, params: { ${words.map((one) => `${one}: text`).join(", ")} } }`
      : `  - { from: In${capital(word)}, to: In${capital(next)}, action: ${capital(word)}, guard: ${word}, params: { ${next}Id: "evidence(${next}.api, ${next})" } }`,
  )
  .join("\n")}
`;
}

async function compile(name: string, source: string): Promise<readonly string[]> {
  const result = check(`operators/${name}/machine.yaml`, source);
  if (!result.ok) return result.problems.map(({ message }) => message);
  mkdirSync(join(repository.root, "operators", name), { recursive: true });
  for (const [ending, text] of await generate(result.machine, "machine", result.moments))
    writeFileSync(join(repository.root, "operators", name, `machine${ending}`), text);
  return [];
}

/** What is wrong with the form of a machine. */
const problemsOf = (source: string): string =>
  readMachine("operators/one/machine.yaml", source)
    .problems.map(({ message }) => message)
    .join("\n");

test("what is generated of any name that is taken compiles; the others are refused by name", async () => {
  const taken: string[] = [];
  for (const word of WORDS) {
    const problems = problemsOf(machineOf([word]));
    if (problems === "") taken.push(word);
    else expect(problems, word).toMatch(new RegExp(`"${word}" .*choose another name|"${capital(word)}"`));
  }
  expect(taken.length).toBeGreaterThan(60);
  expect(await compile("all", machineOf(taken))).toEqual([]);
  expect(repository.typecheck()).toBe("status 0\n");
}, 240_000);

/** Names in the scope of the generated files, and of JavaScript. */
const TYPES =
  "Unknown State Phase Context Status Handlers Refused Evidence Recorded Observer Registry Object Symbol Record Readonly Exclude Extract KEY RULES STATES TRANSITIONS RETRIES Trial Array Map Set Date Error Promise Number String Boolean Function Proxy Reflect JSON Math NaN Infinity Kept Transition Machine Default Constructor ToString Class".split(
    " ",
  );

test("a state of any name that is taken compiles; the others are refused by name", async () => {
  const taken: string[] = [];
  const machine = (names: readonly string[]): string => `states:
  - { name: First, initial: true }
${names.map((name) => `  - { name: ${name}, fields: { id: string, at: time, size: number? } }`).join("\n")}
  - { name: Done, terminal: true }
transitions:
${["First", ...names].map((name, index) => `  - { from: ${name}, to: ${names[index] ?? "Done"}, action: Go${index}, guard: ctx.nowMs > 1${index < names.length ? ", params: { id: string, at: time, size: number? }" : ""} }`).join("\n")}
`;
  for (const name of TYPES) {
    const problems = problemsOf(machine([name]));
    if (problems === "") taken.push(name);
    else expect(problems).toMatch(`"${name}" is reserved for generated code; choose another name`);
  }
  expect(taken).toEqual(expect.arrayContaining(["Map", "Default", "Constructor", "ToString"]));
  expect(await compile("all", machine(taken))).toEqual([]);
  expect(repository.typecheck()).toBe("status 0\n");
}, 240_000);

test("names that are no identifiers of ASCII are refused", () => {
  for (const name of ["Größe", "状態", "__proto__", "A-B", "1st", "A.B"])
    expect(problemsOf(machineOf(["x"]).replaceAll("InX", name))).toMatch(/expected a name such as CreatingDns/);
});

test("a machine of 200 states is checked, and what is generated of it compiles", async () => {
  const names = Array.from({ length: 197 }, (_, index) => `Step${index}`);
  const source = `states:
  - { name: First, initial: true }
${names.map((name) => `  - { name: ${name}, fields: { id: string } }`).join("\n")}
  - { name: Done, terminal: true }
  - { name: Failed, error: true }
transitions:
${["First", ...names].map((name, index) => `  - { from: ${name}, to: ${names[index] ?? "Done"}, action: Go, guard: from.attempts < 3${index < names.length ? ", params: { id: string }" : ""} }`).join("\n")}
  - { from: "*", to: Failed, action: Fail }
  - { from: Failed, to: First, action: Retry }
`;
  expect(await compile("large", source)).toEqual([]);
  expect(repository.typecheck()).toBe("status 0\n");
}, 240_000);
