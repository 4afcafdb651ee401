import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/operator/clock.ts";
import { noFence } from "#lib/operator/fence.ts";
import { httpServer } from "#lib/operator/http-api.ts";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { kubeConfig } from "#lib/testing/kubernetes-client.ts";
import { eventually } from "#lib/testing/process.ts";
import { validate } from "../compile.ts";
import { emitDefinition } from "../emit/crd.ts";
import { httpItems } from "../examples/gadget/api.ts";
import { FakeItems } from "../examples/gadget/fake.ts";
import { metrics } from "../examples/gadget/machine.ts";
import { createOperator } from "../examples/gadget/operator.ts";

let plane: Kubernetes;
const gadgets = "/apis/example.org/v1/namespaces/default/gadgets";

beforeAll(async () => {
  plane = await startKubernetes();
  const path = "operators/sextant/examples/gadget/machine.yaml";
  const result = validate(path, readFileSync(path, "utf8"));
  if (!result.ok) throw new Error(`${path} has problems`);
  const created = await post(
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    emitDefinition(result.machine)!,
  );
  expect(created.status, created.body).toBe(201);
  await eventually("the server serves gadgets", async () => (await plane.request("GET", gadgets)).status === 200);
});

afterAll(() => plane.close());

const post = (to: string, body: object) =>
  plane.request("POST", to, { type: "application/json", text: JSON.stringify(body) });

test("on a real API server, with the definition that crd prints: from creation to its end, and the API server takes every status", async () => {
  const outside = new FakeItems();
  const registry = new Registry();
  const clock = systemClock();
  const server = httpServer(kubeConfig(plane));
  const controller = createOperator({
    server,
    items: httpItems("http://api.test", outside.fetch),
    observer: metrics(registry, clock.nowMs),
    surroundings: { clock, random: Math.random },
  });
  const stop = new AbortController();
  const running = [controller.keepCache(stop.signal), controller.lead(noFence(), stop.signal)];
  const read = async () => {
    const { status, body } = await plane.request("GET", `${gadgets}/one`);
    return status === 200 ? (JSON.parse(body) as { status?: { phase?: string; attempts?: number } }).status : undefined;
  };
  outside.fault = (call) => (call === 1 ? "lost" : undefined);
  const made = await post(gadgets, {
    apiVersion: "example.org/v1",
    kind: "Gadget",
    metadata: { name: "one" },
    spec: { size: 3 },
  });
  expect(made.status, made.body).toBe(201);
  await eventually("a failure is counted", async () => (await read())?.attempts === 1);
  await eventually("it is being made", async () => (await read())?.phase === "Creating");
  for (const item of outside.items.values()) item.looks = 2;
  await eventually("it is ready", async () => (await read())?.phase === "Ready");
  expect(await read()).toEqual({ phase: "Ready", stateEnteredAt: expect.any(String), requestID: "item-1" });
  expect((await plane.request("DELETE", `${gadgets}/one`)).status).toBe(200);
  await eventually("it is gone", async () => (await read()) === undefined);
  expect(outside.items.size).toBe(0);
  expect(await registry.metrics()).not.toMatch(/result="error"/);
  stop.abort();
  await Promise.all(running);
  server.close();
});
