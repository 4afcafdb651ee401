import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readMachine } from "./machine.ts";

const lines = (source: string): string[] =>
  readMachine("m.yaml", source).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

const sound = `states:
  - name: Pending
    initial: true
  - name: Working
    fields: { requestID: string }
  - name: Ready
    terminal: true
transitions:
  - { from: Pending, to: Working, action: Start, params: [requestID: string] }
  - { from: Working, to: Ready, action: Finish }
`;

const changed = (from: string | RegExp, to: string): string => {
  const text = sound.replace(from, to);
  expect(text, `${String(from)} stands in the source`).not.toBe(sound);
  return text;
};

test("a sound machine has no problems", () => {
  const { machine, problems } = readMachine("operators/volumes/machine.yaml", sound);
  expect(problems).toEqual([]);
  expect(machine?.name).toBe("volumes");
  expect(machine?.transitions.map(({ from, to }) => `${from} ${to}`)).toEqual(["Pending Working", "Working Ready"]);
});

test("the short form works as it stands: the last step to the goal is implied", () => {
  const { machine, problems } = readMachine(
    "request.yaml",
    readFileSync("operators/sextant/examples/request/machine.yaml", "utf8"),
  );
  expect(problems).toEqual([]);
  expect(machine?.transitions.map(({ from, action, to }) => [from, action, to])).toEqual([
    ["Pending", "StartCreation", "Creating"],
    ["Creating", "Complete", "Ready"],
  ]);
});

test("a file that uses more than the short form has to say every step", () => {
  expect(
    lines(
      changed(
        "  - { from: Working, to: Ready, action: Finish }\n",
        "properties: [{ from: Pending, reaches: Working }]\n",
      ),
    ),
  ).toEqual([
    `4:11 "Working" is a trap: no transition without a trigger leads out of it; add one, or terminal: true if it is the goal`,
    `6:11 "Ready" is never reached from Pending; add a transition to it, or remove it`,
  ]);
});

test("all problems are told at once, each with its line and column", () => {
  const source = `metadata: { nam: x, statusField: 3 }
states:
  - name: Pending
    intial: true
  - name: Pending
    initial: true
    fields: { phase: text, when: tme, id: string }
  - name: creating
    terminal: yes
  - name: Ready
    terminal: true
    requeue: 5 minutes
transitions:
  - from: Pending
    to: Reedy
    action: Start
    triger: drift
  - { from: Ready, to: Pending, action: Repair, trigger: driftt, guard: unknownGuard }
  - { to: Ready, action: 7 }
errorHandling: { maxRetries: -1, backoff: { factor: 0.5, initial: 10m, max: 1m } }
`;
  expect(lines(source)).toMatchInlineSnapshot(`
    [
      "1:13 unknown key "nam" in metadata; did you mean "name"?",
      "1:34 statusField: expected a text, got 3",
      "4:5 unknown key "intial" in state; did you mean "initial"?",
      "5:11 the state "Pending" is declared in line 3 already; give it another name",
      "5:11 "Pending" is initial and has the field phase, which nothing provides for a new resource; make it optional (?), or move it to a later state",
      "7:15 "phase" is reserved for generated code; choose another name",
      "7:34 unknown type "tme"; did you mean "time"?",
      "8:11 "creating": expected a name such as CreatingDns (letters and digits, a capital first)",
      "9:15 terminal: expected true or false, got "yes"",
      "12:14 requeue: expected a duration above 0 such as 500ms, 5s or 1m30s, got "5 minutes"",
      "15:9 there is no state "Reedy"; did you mean "Ready"?",
      "17:5 unknown key "triger" in transition; did you mean "trigger"?",
      "18:41 "Ready" is terminal: it is left by drift, specChange or deletionTimestamp only; add a trigger to Ready → Pending, or remove terminal",
      "18:58 there is no trigger "driftt"; did you mean "drift"?",
      "18:73 there is no guard "unknownGuard"; declare it under guards, or write an expression over from, params and ctx",
      "19:5 the transition has no "from"; add it",
      "19:26 action: expected a text, got 7",
      "20:30 maxRetries: expected a whole number from 0 to 1000, got -1",
      "20:53 factor: expected a number from 1 to 100, got 0.5",
      "20:77 max: expected at least initial; raise it",
    ]
  `);
});

test.each([
  ["a file without anything", "", /1:1 the file is empty/],
  ["no YAML", "states: [", /1:10 a \[ or { above is not closed/],
  ["a list", "- a", /1:1 expected a map with states and transitions/],
  ["a key that stands twice", `${sound}states: []\n`, /11:1 "states" stands twice in machine/],
  [
    "an anchor",
    changed("initial: true", "initial: &yes true").replace("terminal: true", "terminal: *yes"),
    /7:15 terminal: expected true or false, got an alias/,
  ],
  ["no goal", changed("terminal: true", "requeue: 1s"), /no state is the goal/],
  [
    "two initial states",
    changed("fields: {", "initial: true\n    fields: {"),
    /"Working" is initial, and so is "Pending"/,
  ],
  ["no initial state", changed("    initial: true\n", ""), /2:11 no state is initial/],
  ["a goal that is initial", changed("initial: true", "initial: true\n    terminal: true"), /is initial and terminal/],
  [
    "an initial state with a field",
    changed("initial: true", "initial: true\n    fields: { owner: text }"),
    /2:11 "Pending" is initial and has the field owner/,
  ],
  [
    "a goal that is left without a trigger",
    `${sound}  - { from: Ready, to: Pending, action: Again }\n`,
    /11:41 "Ready" is terminal: it is left by drift, specChange or deletionTimestamp only/,
  ],
  [
    "a field that nothing provides",
    changed(", params: [requestID: string]", ""),
    /9:5 the field "requestID" of Working comes from no parameter, and Pending does not have it/,
  ],
  [
    "a parameter of another type",
    changed("params: [requestID: string]", "params: [requestID: text]"),
    /the parameter "requestID" is text, but Working has it as evidence\(m, requestID\)/,
  ],
  [
    "a parameter that is lost",
    changed("action: Finish", "action: Finish, params: { size: integer }"),
    /the parameter "size" is no field of Ready/,
  ],
  [
    "a parameter that stands twice",
    changed("[requestID: string]", "[requestID: string, requestID: string]"),
    /"requestID" stands twice in params/,
  ],
  [
    "an action that stands twice",
    `${sound}  - { from: Pending, to: Ready, action: Start }\n`,
    /11:41 "Pending" has the action "Start" in line 9 already/,
  ],
  [
    "a source that stands twice",
    changed("from: Working", "from: [Working, Working]"),
    /"Working" stands twice in "from"/,
  ],
  [
    "a loop",
    changed("to: Ready, action: Finish", "to: Working, action: Finish"),
    /Working → Working: leads to where it comes from/,
  ],
  ["a reserved action", changed("action: Finish", "action: Failed"), /"Failed": failed is reserved/],
  [
    "an action that the unknown state has",
    `${sound}  - { from: Pending, to: Gone, action: Restart, trigger: deletionTimestamp }\n`.replace(
      "transitions:",
      "  - { name: Gone, deletion: true, terminal: true }\ntransitions:",
    ),
    /12:40 "Restart": restart is reserved for generated code \(of Unknown/,
  ],
  ["a reserved field", changed(/requestID/g, "attempts"), /"attempts" is reserved/],
  ["a reserved state", changed(/Working/g, "Unknown"), /"Unknown" is reserved/],
  [
    "a field named like a method",
    changed(/requestID/g, "finish"),
    /the field "finish" of Working has the name of the method of Finish/,
  ],
  [
    "a wrong evidence",
    changed(/requestID: string/g, "requestID: evidence(api)"),
    /expected evidence\(<api>, <field>\)/,
  ],
  ["an enum with a value twice", changed(/requestID: string/g, "requestID: 'enum(a, a)'"), /expected different words/],
  [
    "deletion without an end",
    changed("terminal: true", "terminal: true\n  - { name: Removing, deletion: true }"),
    /no deletion state is terminal/,
  ],
  ["an unknown field group", changed("fields: {", "fieldGroups: dns\n    fields: {"), /there is no field group "dns"/],
  ["a property of no shape", `${sound}properties: [{ never: a }]\n`, /11:14 a property has the keys/],
  [
    "a property of an unknown state",
    `${sound}properties: [{ from: Pendin, reaches: Ready }]\n`,
    /there is no state "Pendin"; did you mean "Pending"\?/,
  ],
  ["a guard that nobody uses", `${sound}guards: { open: ctx.nowMs > 1 }\n`, /11:17 no transition has the guard "open"/],
])("%s is a problem", (_, source, message) => {
  expect(lines(source).join("\n")).toMatch(message);
});

test("whatever is changed in a file, reading it ends with a machine or with problems that have a place in it", () => {
  const source = readFileSync("operators/sextant/examples/volume/machine.yaml", "utf8").split("\n");
  const words = [
    "- ",
    "  ",
    "[",
    "{",
    "}",
    "*",
    ": ",
    "null",
    "7",
    "true",
    "&a",
    "*a",
    "from",
    "Pending",
    "enum(",
    "|",
    "'",
    "#",
  ];
  const change = fc.record({
    line: fc.nat(source.length - 1),
    column: fc.nat(40),
    cut: fc.nat(12),
    put: fc.constantFrom("", ...words),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const lines = [...source];
      for (const { line, column, cut, put } of changes)
        lines[line] = lines[line]!.slice(0, column) + put + lines[line]!.slice(column + cut);
      const { machine, problems } = readMachine("m.yaml", lines.join("\n"));
      expect(machine === undefined).toBe(problems.length > 0);
      for (const { line, column } of problems)
        expect([line >= 1, line <= lines.length + 1, column >= 1]).toEqual([true, true, true]);
    }),
    { numRuns: 300 },
  );
});
