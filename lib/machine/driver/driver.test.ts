import { expect, test } from "vitest";
import { fakeServer } from "#lib/operator/fake/server.ts";
import { createController } from "#lib/operator/controller.ts";
import { noFence } from "#lib/operator/fence.ts";
import type { Resource } from "#lib/operator/api.ts";
import { virtualClock } from "#lib/operator/virtual-clock.ts";
import type { Observer } from "../observer.ts";
import { type AnyState, Refused } from "../state.ts";
import { type Driven, driveMachine, type DriverOptions } from "./driver.ts";

type Phase = "Work" | "Goal" | "Error" | "Gone";
const things: Resource = {
  group: "example.org",
  version: "v1",
  plural: "things",
  kind: "Thing",
  namespaced: true,
  status: true,
};
const one = { namespace: "default", name: "one" };

/** A state as generated code has it, as far as the driver knows one. */
class State implements AnyState {
  readonly phase: Phase;
  readonly attempts: number;
  readonly stateEnteredAt = 0;
  readonly spent = false;
  constructor(phase: Phase, attempts = 0) {
    this.phase = phase;
    this.attempts = attempts;
  }
  failed(): State {
    return new State(this.phase, this.attempts + 1);
  }
}

const flags = { terminal: false, deletion: false };
const machine = {
  decodeStatus: (raw: unknown) => {
    const { phase = "Work", attempts = 0 } = (raw ?? {}) as { phase?: Phase; attempts?: number };
    return new State(phase, attempts);
  },
  encodeStatus: ({ phase, attempts }: State) => ({ phase, ...(attempts > 0 && { attempts }) }),
  requeueAfterMs: ({ phase }: State) => (phase === "Gone" ? undefined : 60_000),
  retryAfterMs: ({ attempts }: State) => (attempts > 2 ? undefined : attempts * 1000),
  RETRIES: { maxRetries: 2, initialMs: 1000, factor: 2, maxMs: 9000, jitter: 0 },
  STATES: { Work: flags, Goal: { ...flags, terminal: true }, Error: flags, Gone: { terminal: true, deletion: true } },
};

class Trouble extends Error {}

/** A thing, and what the driver does with it; `told` is what the observer hears. */
function start(
  step: DriverOptions<State, Driven>["step"],
  giveUp: DriverOptions<State, Driven>["giveUp"] = () => undefined,
) {
  const clock = virtualClock();
  const server = fakeServer({ clock });
  server.user.create(things, one, {});
  const told: string[] = [];
  const atMs: number[] = [];
  const beganMs = clock.nowMs();
  const observer: Observer<State> = {
    reconciled: (_, result) => void (result === "error" && told.push("error")),
    persisted: (_, before, after) => void told.push(`${before?.phase} → ${after.phase} ${after.attempts}`),
    refused: (_, phase, action, guard) => void told.push(`${phase} ${action} refused by ${guard}`),
    failed: (_, phase, error) => void told.push(`${phase} failed: ${(error as Error).message}`),
    removed: (key) => void told.push(`${key} removed`),
  };
  const controller = createController<Driven>(
    {
      name: "things",
      api: server.api<Driven>(things),
      relevant: (before, after) => before?.metadata.generation !== after.metadata.generation,
      reconcile: driveMachine<State, Driven>({
        machine,
        fieldManager: "test",
        finalizer: "example.org/test",
        clock,
        random: () => 0,
        observer,
        step: (state, sight) => {
          atMs.push(clock.nowMs() - beganMs);
          return step(state, sight);
        },
        isFailure: (error) => error instanceof Trouble,
        giveUp,
      }),
    },
    { clock, random: () => 0 },
  );
  const stop = new AbortController();
  const running = [controller.keepCache(stop.signal), controller.lead(noFence(), stop.signal)];
  const read = () => server.user.get<Driven>(things, one);
  const close = async () => {
    stop.abort();
    await clock.resolve("stopped", Promise.all(running));
  };
  return { clock, server, told, atMs, read, close };
}

test("the finalizer is there before the first step, each transition is in the status, and the end lets the resource go", async () => {
  const finalizers: (readonly string[] | undefined)[] = [];
  const it = start(async (state, { leaving, object }) => {
    finalizers.push(object.metadata.finalizers);
    if (leaving) return new State("Gone");
    return state.phase === "Goal" ? state : new State("Goal");
  });
  await it.clock.until("the goal", () => it.told.length === 1);
  await it.clock.advance(60_000);
  it.server.user.delete(things, one);
  await it.clock.until("it is gone", () => it.told.includes("default/one removed"));
  expect(finalizers[0]).toEqual(["example.org/test"]);
  expect(it.told).toEqual(["Work → Goal 0", "Goal → Gone 0", "default/one removed"]);
  await it.close();
});

test("failures count in the status and wait as the machine says; when retries are used up the state is given up", async () => {
  const it = start(
    async (state) => (state.phase === "Work" ? Promise.reject(new Trouble("no luck")) : state),
    () => new State("Error"),
  );
  await it.clock.until("it is given up", () => it.told.at(-1) === "Work → Error 0");
  expect(it.told.filter((line) => line.includes("→"))).toEqual(["Work → Work 1", "Work → Work 2", "Work → Error 0"]);
  expect(it.atMs).toEqual([0, 1000, 3000]);
  await it.close();
});

test("what fails in a goal, and what is no expected failure, is left to the controller", async () => {
  let count = 0;
  const it = start(async (state) => {
    count++;
    if (state.phase === "Work") return new State("Goal");
    if (count < 4) throw count === 2 ? new Trouble("away") : new Error("a bug");
    return state;
  });
  await it.clock.until("it is well again", () => count === 4);
  expect(it.told).toEqual(["Work → Goal 0", "Goal failed: away", "error", "error"]);
  expect((it.read()?.status as { attempts?: number }).attempts).toBeUndefined();
  await it.close();
});

test("a refusal is told, and waits for the next look", async () => {
  const it = start(async (state) => new Refused(state.phase, "Go", "open"));
  await it.clock.advance(60_001);
  expect([it.told, it.atMs]).toEqual([
    ["Work Go refused by open", "Work Go refused by open"],
    [0, 60_000],
  ]);
  expect(it.read()?.status).toBeUndefined();
  await it.close();
});
