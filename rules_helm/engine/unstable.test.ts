import assert from "node:assert/strict";
import { test } from "node:test";
import { unstableCalls } from "./unstable.ts";

const found = (template: string, allow: string[] = []): string[] =>
  unstableCalls(template, allow).map(({ line, name }) => `${line}: ${name}`);

test("a call is found with its line, also in a pipe and in brackets", () => {
  assert.deepEqual(found('a: 1\nb: {{ randAlphaNum 8 }}\nc: {{ 1 | now }}\nd: {{ (genCA "x" 1).Cert }}'), [
    "2: randAlphaNum",
    "3: now",
    "4: genCA",
  ]);
});

test("text, strings, raw strings and comments are passed over", () => {
  assert.deepEqual(
    found('now: lookup {{ "now" }} {{ `now` }} {{/* now */}} {{- /* lookup\n */ -}} {{ "a \\" now" }}'),
    [],
  );
});

test("a field or a variable of that name is no call", () => {
  assert.deepEqual(found("{{ .Values.now }} {{ $now }} {{ .now }}"), []);
});

test("an action that goes over lines is read to its end", () => {
  assert.deepEqual(found('{{ dict\n  "a" now\n}} now'), ["2: now"]);
});

test("what is allowed is passed over", () => {
  assert.deepEqual(found("{{ now }}{{ lookup }}", ["lookup"]), ["1: now"]);
});
