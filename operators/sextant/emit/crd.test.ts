import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Kubernetes, startKubernetes } from "#lib/testing/kubernetes.ts";
import { eventually } from "#lib/testing/process.ts";
import { validate } from "../compile.ts";
import { decodeStatus, encodeStatus, type State } from "../examples/volume/machine.ts";
import { emitStatusSchema } from "./crd.ts";

const path = "operators/sextant/examples/volume/machine.yaml";
const result = validate(path, readFileSync(path, "utf8"));
if (!result.ok) throw new Error(`${path} has problems`);
const status = emitStatusSchema(result.machine);
const group = "example.test";
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `volumes.${group}` },
  spec: {
    group,
    scope: "Cluster",
    names: { plural: "volumes", singular: "volume", kind: "Volume", listKind: "VolumeList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", properties: { status } } },
      },
    ],
  },
};
const volumes = `/apis/${group}/v1/volumes`;
let plane: Kubernetes;

beforeAll(async () => {
  plane = await startKubernetes();
  const created = await post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  expect(created.status, created.body).toBe(201);
  await eventually("the server serves volumes", async () => (await plane.request("GET", volumes)).status === 200);
});

afterAll(() => plane.close());

const post = (to: string, body: object) =>
  plane.request("POST", to, { type: "application/json", text: JSON.stringify(body) });

async function create(name: string): Promise<void> {
  const made = await post(volumes, { apiVersion: `${group}/v1`, kind: "Volume", metadata: { name } });
  expect(made.status, made.body).toBe(201);
}

const write = (name: string, value: unknown) =>
  plane.request("PATCH", `${volumes}/${name}/status`, {
    type: "application/merge-patch+json",
    text: JSON.stringify({ status: value }),
  });

const at = "2026-01-01T00:00:00.000Z";

test("the API server takes the statuses of transitions, and gives them back", async () => {
  await create("good");
  const steps = [
    { phase: "Pending", stateEnteredAt: at },
    { phase: "Ordered", stateEnteredAt: at, attempts: 2, orderID: "o-1", orderedAt: at },
    {
      phase: "Attaching",
      stateEnteredAt: at,
      attempts: null,
      orderID: null,
      orderedAt: null,
      volumeID: "v-1",
      sizeGiB: 1.5,
    },
  ];
  for (const step of steps) {
    const answer = await write("good", step);
    expect(answer.status, answer.body).toBe(200);
  }
  const read = JSON.parse((await plane.request("GET", `${volumes}/good`)).body) as { status: unknown };
  const state: State = decodeStatus(read.status, 0);
  expect(state.phase).toBe("Attaching");
  expect(encodeStatus(state)).toEqual(read.status);
});

test.each([
  [
    "a change of phase that no transition makes",
    { phase: "Attached", stateEnteredAt: at, volumeID: "v", sizeGiB: 1, readOnly: true },
    /no transition leads from Pending to Attached/,
  ],
  [
    "a phase without its field",
    { phase: "Ordered", stateEnteredAt: at, orderID: "o-1" },
    /Ordered has orderID, orderedAt/,
  ],
  ["a phase that there is not", { phase: "Orderd", stateEnteredAt: at }, /Unsupported value: \\"Orderd\\"/],
  [
    "an identifier that is empty",
    { phase: "Ordered", stateEnteredAt: at, orderID: "", orderedAt: at },
    /status\.orderID/,
  ],
])("the API server refuses %s", async (what, value, message) => {
  const name = what.replaceAll(" ", "-");
  await create(name);
  const first = await write(name, { phase: "Pending", stateEnteredAt: at });
  expect(first.status, first.body).toBe(200);
  const answer = await write(name, value);
  expect(answer.status).toBe(422);
  expect(answer.body).toMatch(message);
});
