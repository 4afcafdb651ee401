import { resolve } from "node:path";
import { expect, test } from "vitest";
import { tsc } from "./guards/tsc.ts";

const examples = resolve("operators/sextant/examples");
const request = JSON.stringify(`${examples}/request/machine.ts`);
const exposure = JSON.stringify(`${examples}/exposure/machine.ts`);
const library = JSON.stringify(resolve("lib/machine"));

/** What every case has: states, proofs and a context, of both examples. */
const PRELUDE = `
import { type Context, Creating, decodeStatus, Pending, Ready, type State, visit } from ${request};
import * as exposure from ${exposure};
import { type Evidence, mint, type Recorded } from ${library.replace(/"$/, '/evidence.ts"')};
import { left } from ${library.replace(/"$/, '/state.ts"')};
export { Creating, decodeStatus, exposure, left, mint, Pending, Ready, visit };
export type { Context, Evidence, Recorded, State };
export declare const pending: Pending;
export declare const creating: Creating;
export declare const ready: Ready;
export declare const state: State;
export declare const ctx: Context;
export declare const requestID: Evidence<"request", "requestID">;
export declare const recorded: Recorded<"request", "requestID">;
export declare const recordID: Evidence<"dns.records", "id">;
export declare const appID: Evidence<"access.apps", "id">;
export declare const dns: exposure.CreatingDns;
export declare const world: exposure.Context;
`;

interface Misuse {
  readonly what: string;
  readonly code: string;
  readonly message: RegExp;
}

const misuses: readonly Misuse[] = [
  {
    what: "Pending → Ready without Creating",
    code: "pending.complete(ctx);",
    message: /TS2339: Property 'complete' does not exist on type 'Pending'/,
  },
  {
    what: "a state where another is expected",
    code: "export const next: Ready = pending;",
    message: /TS2741: Property '#spent' is missing|TS2322: Type 'Pending' is not assignable to type 'Ready'/,
  },
  {
    what: "a transition without its request ID",
    code: "pending.startCreation({}, ctx);",
    message: /TS2741: Property 'requestID' is missing in type '\{\}'/,
  },
  {
    what: "a transition without its parameters",
    code: "pending.startCreation(ctx);",
    message: /TS2554: Expected 2 arguments, but got 1/,
  },
  {
    what: "a raw string as request ID",
    code: `pending.startCreation({ requestID: "req-1" }, ctx);`,
    message: /TS2322: Type 'string' is not assignable to type 'Evidence<"request", "requestID">'/,
  },
  {
    what: "a used state",
    code: "pending.startCreation({ requestID }, ctx);\nleft(pending);\npending.startCreation({ requestID }, ctx);",
    message: /TS2339: Property 'startCreation' does not exist on type 'never'/,
  },
  {
    what: "the identifier of another API",
    code: "pending.startCreation({ requestID: recordID }, ctx);",
    message:
      /TS2322: Type 'Evidence<"dns\.records", "id">' is not assignable to type 'Evidence<"request", "requestID">'/,
  },
  {
    what: "an identifier that was recorded, as proof of a new call",
    code: "pending.startCreation({ requestID: recorded }, ctx);",
    message: /TS2322: Type 'Recorded<"request", "requestID">' is not assignable to type 'Evidence/,
  },
  {
    what: "a promise that was not awaited",
    code: "pending.startCreation({ requestID: Promise.resolve(requestID) }, ctx);",
    message: /TS2322: Type 'Promise<Evidence<"request", "requestID">>' is not assignable/,
  },
  {
    what: "new Ready",
    code: "new Ready({ stateEnteredAt: 0, attempts: 0 });",
    message: /TS2673: Constructor of class 'Ready' is private/,
  },
  {
    what: "a forged literal",
    code: `export const forged: Ready = { phase: "Ready", stateEnteredAt: 0, attempts: 0, spent: false, failed: () => ready };`,
    message: /TS2739: .* is missing the following properties from type 'Ready': #spent, #leave/,
  },
  { what: "a spread", code: "export const copy: Ready = { ...ready };", message: /TS27(41|39): .*(#spent|missing)/ },
  {
    what: "a missing handler",
    code: "visit(state, { Pending: () => 1, Creating: () => 2, Ready: () => 3 });",
    message: /TS2741: Property 'Unknown' is missing in type .* required in type 'Handlers<number>'/,
  },
  {
    what: "a subclass",
    code: "export class Fake extends Ready {}",
    message: /TS2675: Cannot extend a class '[^']*Ready'\. Class constructor is marked as private/,
  },
  {
    what: "a guarded transition taken as if it could not be refused",
    code: "dns.createApp({ appID }, world).publishRoute({ configVersion: 1 }, world);",
    message: /TS2339: Property 'publishRoute' does not exist on type '.*Refused<"CreatingDns", "publishable">/,
  },
  {
    what: "a transition without what its guard looks at",
    code: "dns.createApp({ appID }, { nowMs: 1 });",
    message: /TS2739: .* is missing the following properties from type 'Context': policyKnown, enabled/,
  },
  {
    what: "a field that is changed",
    code: "creating.requestID = requestID;",
    message: /TS2540: Cannot assign to 'requestID' because it is a read-only property/,
  },
];

const PROPER = `
import type { State } from "./prelude.ts";
const created = pending.startCreation({ requestID: mint("request", "requestID", "req-1") }, ctx);
const done: Ready = created.complete(ctx);
export const words = visit<string>(done, { Pending: () => "", Creating: (one) => one.requestID, Ready: () => "", Unknown: (one) => one.reason });
const next = dns.createApp({ appID }, world);
export const published = next instanceof exposure.CreatingApp ? next.publishRoute({ configVersion: 1 }, world) : next.guard;
export const step = visit<State>(state, {
  Pending: (one) => one.startCreation({ requestID }, ctx),
  Creating: (one) => one.complete(ctx),
  Ready: (one) => one,
  Unknown: (one) => one.restart(ctx),
});
const again = decodeStatus({}, 0);
if (again.phase === "Pending") again.startCreation({ requestID }, ctx);
`;

const names = [...PRELUDE.matchAll(/(?:const|import \* as) (\w+)|^export \{ (.*) \};$/gm)].flatMap(
  ([, one, list]) => one ?? list!.split(", "),
);
const imports = `import { ${[...new Set(names)].join(", ")} } from "./prelude.ts";\n`;
const config = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    preserveSymlinks: true,
    allowImportingTsExtensions: true,
    target: "es2024",
    module: "nodenext",
    types: [],
  },
  include: ["*.ts"],
};

test("each misuse of generated code fails to compile, and its proper use compiles", () => {
  const files: Record<string, string> = {
    "tsconfig.json": JSON.stringify(config),
    "package.json": `{ "type": "module" }`,
    "prelude.ts": PRELUDE,
  };
  files["proper.ts"] = imports + PROPER;
  for (const [index, { code }] of misuses.entries()) files[`case${index}.ts`] = `${imports}${code}\n`;
  const found = Map.groupBy(tsc(files), ({ file }) => file);
  for (const [index, { what, code, message }] of misuses.entries()) {
    const errors = found.get(`case${index}.ts`) ?? [];
    found.delete(`case${index}.ts`);
    expect.soft(errors.map(({ code, text }) => `TS${code}: ${text}`).join("\n"), what).toMatch(message);
    expect.soft(new Set(errors.map(({ line }) => line)), what).toEqual(new Set([code.split("\n").length + 1]));
  }
  expect.soft([...found.values()].flat(), "nothing else is wrong").toEqual([]);
});
