import {
  withEverybodysRecords,
  withLateApps,
  withLateRoutes,
  withOneList,
  withoutApps,
  withoutDoubts,
  withoutFinalizers,
  withoutMarks,
  withoutPolicies,
  withoutTokens,
} from "./seams.ts";
import type { Changes } from "./subject.ts";
import type { HarnessFault } from "./types.ts";

/** One thing that the operator is made to do wrong, at its seams: its two connections, its fence, its times. */
export interface Sabotage {
  readonly name: string;
  readonly changes: Changes;
  /** By what it is tried: actions whose name holds the text, and faults. */
  readonly actions: string;
  readonly faults: readonly HarnessFault[];
  /** What is found first, or "nothing", where something else in the operator makes up for it. */
  readonly found: "exposed" | "orphan" | "missing" | "trespass" | "nothing";
}

const deletion = "delete the Deployment";
/** Never asks whether it leads. The wait of a new leader makes up for that, until the old one stands still for longer. */
export const unasked: Changes = { fence: ({ signal, term }) => ({ signal, term, check: async () => {} }) };

/** All that is tried. */
export const sabotages: readonly Sabotage[] = [
  {
    name: "does not wait for writes whose answer never came",
    changes: { settleMs: 0 },
    actions: deletion,
    faults: ["lateCommit"],
    found: "exposed",
  },
  {
    name: "takes a write without an answer for one that was not made",
    changes: { cloudflare: withoutDoubts },
    actions: deletion,
    faults: ["lateCommit", "timeoutAfterCommit"],
    found: "exposed",
  },
  {
    name: "deletes the application while the route is on its way out",
    changes: { cloudflare: withLateRoutes },
    actions: deletion,
    faults: [],
    found: "exposed",
  },
  {
    name: "routes while the application is on its way in",
    changes: { cloudflare: withLateApps },
    actions: "change the hostname",
    faults: [],
    found: "exposed",
  },
  {
    name: "lets the tunnel's end admit what carries no token",
    changes: { cloudflare: withoutTokens },
    actions: "delete the application by hand",
    faults: [],
    found: "exposed",
  },
  {
    name: "gives applications no policy",
    changes: { cloudflare: withoutPolicies },
    actions: deletion,
    faults: [],
    found: "missing",
  },
  {
    name: "finds no application that is there",
    changes: { cloudflare: withoutApps },
    actions: deletion,
    faults: ["crash"],
    found: "missing",
  },
  {
    name: "writes records without a mark",
    changes: { cloudflare: withoutMarks },
    actions: deletion,
    faults: ["crash"],
    found: "missing",
  },
  {
    name: "takes the records of others for its own",
    changes: { cloudflare: withEverybodysRecords },
    actions: deletion,
    faults: [],
    found: "trespass",
  },
  {
    name: "believes its first list of Deployments for ever",
    changes: { deployments: withOneList },
    actions: "change the port",
    faults: ["missedEvent"],
    found: "missing",
  },
  {
    name: "never looks through Cloudflare again",
    changes: { passMs: 1e9 },
    actions: "by hand",
    faults: [],
    found: "missing",
  },
  {
    name: "sets no finalizer",
    changes: { deployments: withoutFinalizers },
    actions: deletion,
    faults: ["crash", "missedEvent"],
    found: "nothing",
  },
];
