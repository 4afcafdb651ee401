import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { validate } from "../compile.ts";
import { readMachine } from "./machine.ts";
import { textOf } from "./text.ts";

const sound = `states:
  - name: Pending
    initial: true
  - name: Working
    fields:
      requestID: string
  - name: Ready
    terminal: true
transitions:
  - from: Pending
    to: Working
    action: Start
    params:
      - requestID: string
  - from: Working
    to: Ready
    action: Finish
`;

function changed(from: string, to: string): string {
  expect(sound).toContain(from);
  return sound.replace(from, to);
}

/** What the program would print for a file of these bytes. */
function told(content: string | Uint8Array): string[] {
  const text = textOf("m.yaml", typeof content === "string" ? new TextEncoder().encode(content) : content);
  if (typeof text !== "string") return [`${text.line}:${text.column} ${text.message}`];
  const result = validate("m.yaml", text);
  return result.ok ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test.each<[string, string | Uint8Array, string]>([
  ["a tab", changed("    initial", "\tinitial"), "3:1 a tab indents this line; indent with blanks"],
  [
    "a dash that is missing",
    changed("  - name: Working", "    name: Working"),
    '4:5 "name" stands twice in state; remove one, or begin another state with "- "',
  ],
  [
    "the same in a transition",
    changed("  - from: Working", "    from: Working"),
    '15:5 "from" stands twice in transition; remove one, or begin another transition with "- "',
  ],
  [
    "a wrong letter",
    changed("from: Pending", "from: Pendng"),
    '10:11 there is no state "Pendng"; did you mean "Pending"?',
  ],
  [
    "fields without types",
    changed("\n      requestID: string\n  - name: Ready", " [requestID]\n  - name: Ready"),
    '5:14 fields of Working: "requestID" has no type; write requestID: string',
  ],
  [
    "a key twice",
    changed("    terminal: true", "    terminal: true\n    terminal: true"),
    '9:5 "terminal" stands twice in state; remove one, or begin another state with "- "',
  ],
  [
    "a merge key",
    changed("  - name: Ready", "  - <<: { requeue: 5s }\n    name: Ready"),
    "7:5 merge keys (<<) are no part of this; fieldGroups has what several states share",
  ],
  [
    "an alias",
    changed("  - name: Working", "  - name: &name Working").replace("to: Working", "to: *name"),
    "11:9 to: expected a text, got an alias; write the value itself",
  ],
  [
    "Latin-1",
    new Uint8Array([...new TextEncoder().encode("# f"), 0xfc, ...new TextEncoder().encode(`r\n${sound}`)]),
    "1:4 the file is no UTF-8 from here on (byte 4); save it as UTF-8",
  ],
  ["nothing", "", "1:1 the file is empty; expected states and transitions"],
  ["nothing but a comment", "# later\n", "1:1 the file is empty; expected states and transitions"],
  ["a text", "later\n", "1:1 expected a map with states and transitions"],
  [
    "Windows' line ends",
    changed("to: Ready", "to: Redy").replaceAll("\n", "\r\n"),
    '16:9 there is no state "Redy"; did you mean "Ready"?',
  ],
  [
    "five megabytes",
    `${sound}# ${"x".repeat(5_000_000)}`,
    "1:1 the file has 5000289 bytes, more than 1000000; expected a state machine",
  ],
  ["two documents", `${sound}---\n${sound}`, "18:1 a second document begins here (---); a file holds one machine"],
  [
    "a state that is a name",
    changed("- name: Ready\n    terminal: true", "- Ready"),
    '7:5 a state is a map; write "- name: Ready"',
  ],
  [
    "states by their names",
    "states:\n  Pending: { initial: true }\n  Ready: { terminal: true }\ntransitions: [{ from: Pending, to: Ready, action: Go }]\n",
    '2:3 states: expected a list ("- name: …"), got a map',
  ],
  [
    "a quote that is not closed",
    changed("action: Start", 'action: "Start'),
    "12:13 the quote that begins here is never closed",
  ],
  [
    "a line that is indented otherwise",
    changed("    action: Start", "   action: Start"),
    '12:1 this line does not fit those around it; expected "- " here, or more blanks before it',
  ],
  [
    "a colon without a blank",
    changed("action: Start", "action:Start"),
    "12:5 this line does not fit those around it; expected key: value, with a blank after the colon",
  ],
  ["yes", changed("initial: true", "initial: yes"), '3:14 initial: expected true or false, got "yes"'],
  ["a number as name", changed("name: Ready", "name: 404"), "7:11 name: expected a text, got 404"],
  [
    "a name with a control character",
    changed("action: Start", 'action: "St\\u0007art"'),
    '12:13 "St\\u0007art": expected a name such as StartCreation (letters and digits, a capital first)',
  ],
  ["brackets within brackets", "[".repeat(50_000), "it is nested more deeply than a machine can be"],
])("%s: one message, at its place", (_, content, message) => {
  const lines = told(content);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(message);
});

test.each([
  ["a byte order mark", `\uFEFF${sound}`],
  ["Windows' line ends", sound.replaceAll("\n", "\r\n")],
  ["an anchor that nobody uses", sound.replace("name: Working", "name: &name Working")],
])("%s is no problem", (_, content) => {
  expect(told(content)).toEqual([]);
});

/** Any bytes, any text, any YAML, and machines whose parts are anything. */
const parts = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom("Pending", "Ready", "*", "string", "true", "5s", "ctx.nowMs > 1"),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);
const maps = (...keys: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(parts, fc.record(Object.fromEntries(keys.map((key) => [key, parts])), { requiredKeys: [] }));
const machines = fc.record(
  {
    metadata: maps("name", "kind", "statusField"),
    context: maps("a", "nowMs"),
    fieldGroups: maps("g"),
    states: fc.array(
      maps("name", "initial", "terminal", "error", "deletion", "requeue", "expectedWithin", "fields", "fieldGroups"),
    ),
    guards: maps("open"),
    transitions: fc.array(maps("from", "to", "action", "params", "guard", "trigger", "creates", "removes")),
    errorHandling: maps("maxRetries", "backoff"),
    properties: fc.array(maps("never", "without", "from", "reaches", "to", "action", "requires", "answers", "in")),
  },
  { requiredKeys: ["states", "transitions"] },
);

test("whatever a file holds, it is a machine, or there is a message with a place in it", () => {
  const encoder = new TextEncoder();
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: "binary", maxLength: 200 }).map((text) => encoder.encode(text)),
    fc.jsonValue().map((value) => encoder.encode(stringify(value))),
    machines.map((value) => encoder.encode(stringify(value, { aliasDuplicateObjects: true }))),
  );
  fc.assert(
    fc.property(contents, (bytes) => {
      const text = textOf("m.yaml", bytes);
      const problems = typeof text === "string" ? readMachine("m.yaml", text).problems : [text];
      for (const { line, column, message } of problems) {
        expect([line >= 1, column >= 1, message.length > 10]).toEqual([true, true, true]);
        expect(message).not.toMatch(/undefined|\[object|TypeError|\n {4}at /);
      }
    }),
    { numRuns: 500 },
  );
});
