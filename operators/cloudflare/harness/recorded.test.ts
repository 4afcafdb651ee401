import { expect, test } from "vitest";
import { decodeRun, encodeRun, type RecordedRun, replay } from "./recorded.ts";
import { scenarios } from "./plans.ts";
import { stormOf } from "./storm.ts";

const LONG_MS = 60_000;

const runs: readonly RecordedRun[] = [
  {
    subject: "operator",
    scenario: "one",
    course: {
      actions: [{ at: 4, lateMs: 1_000, name: "change the hostname" }],
      faults: [{ at: 12, kind: "timeoutAfterCommit" }],
    },
  },
  {
    subject: "elected",
    scenario: "one",
    course: {
      actions: [{ at: "end", name: "delete the Deployment" }],
      faults: [
        { at: 15, kind: "longPause" },
        { at: 3, kind: "crash", lease: true },
      ],
    },
  },
  ...[1, 2, 3].map((seed) => ({
    subject: "elected" as const,
    scenario: "several" as const,
    course: stormOf({ scenario: scenarios.several, seed, actions: 6, calls: 100, share: 0.1 }),
  })),
];

test.each(runs)(
  "a run that was written down makes the same calls, byte by byte: $subject, $scenario",
  { timeout: LONG_MS },
  async (run) => {
    const first = await replay(run, false);
    const second = await replay(decodeRun(encodeRun(run)), true);
    expect(first.calls.some(({ server, sent }) => server === "cloudflare" && sent !== "")).toBe(true);
    expect(JSON.stringify(second.calls)).toBe(JSON.stringify(first.calls));
    expect(second.problems).toEqual(first.problems);
  },
);

test("another course makes other calls", { timeout: LONG_MS }, async () => {
  const [run] = runs;
  const first = await replay(run!, false);
  const other = await replay({ ...run!, course: { ...run!.course, faults: [{ at: 12, kind: "crash" }] } }, false);
  expect(JSON.stringify(other.calls)).not.toBe(JSON.stringify(first.calls));
});

test.each([
  ["no JSON", "{", /no JSON/],
  ["a subject that there is not", encodeRun({ ...runs[0]!, subject: "other" as never }), /subject/],
  [
    "a fault that there is not",
    '{"subject":"operator","scenario":"one","course":{"faults":[{"at":1,"kind":"flood"}]}}',
    /faults/,
  ],
  [
    "an action that there is not",
    '{"subject":"operator","scenario":"one","course":{"actions":[{"at":1,"name":"dance"}]}}',
    /has no action "dance"/,
  ],
])("a text with %s is no run", (_, text, message) => {
  expect(() => decodeRun(text)).toThrow(message);
});
