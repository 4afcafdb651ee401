import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "#lib/operator/clock.ts";
import { eventually, type Program, startProgram, temporaryFolder, toolPath } from "#lib/testing/process.ts";
import { serveCloudflare, type ServedCloudflare } from "./http.ts";
import { fakeCloudflare } from "./server.ts";
import { ACCOUNT, TOKEN } from "./types.ts";

/**
 * The fake of rules_wrangler knows other parts of the API than this one, and shares no code with it. Where both answer the
 * same kind of call, a client sees no difference.
 */
interface Fake {
  readonly baseUrl: string;
  /** A list that it knows, below the account. */
  readonly list: string;
  /** How it is told to fail one call, with a status. */
  readonly failure: (status: 429 | 500) => object;
}
const fakes: Record<string, Fake> = {};
let served: ServedCloudflare;
let program: Program;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  served = await serveCloudflare(fakeCloudflare({ clock: systemClock() }));
  fakes["operator"] = {
    baseUrl: served.baseUrl,
    list: "access/tags",
    failure: (status) => ({ call: "*", fault: status === 429 ? "throttle" : "error", times: 1 }),
  };
  folder = await temporaryFolder();
  const node = process.env["JS_BINARY__NODE_BINARY"];
  program = startProgram(node === undefined ? process.execPath : resolve(node), [toolPath("WRANGLER_CLOUDFLARE")], {
    env: { PORT: "0", STATE_DIR: folder.path, CLOUDFLARE_ACCOUNT_ID: ACCOUNT, CLOUDFLARE_API_TOKEN: TOKEN },
  });
  const address = () => /CLOUDFLARE_API_BASE_URL=(\S+)/.exec(program.output())?.[1];
  await eventually("the fake of rules_wrangler listens", () => address() !== undefined);
  fakes["rules_wrangler"] = {
    baseUrl: address()!,
    list: "pages/projects",
    failure: (status) => ({ call: "*", answer: status, times: 1, ...(status === 429 && { retryAfter: 30 }) }),
  };
}, 30_000);
afterAll(async () => {
  await program?.stop();
  await served?.close();
  await folder?.remove();
});

/** What a client goes by: status, media type, wait, and the envelope without the words of its messages. */
async function ask({ baseUrl }: Fake, path: string, token = TOKEN) {
  const answer = await fetch(baseUrl + path, { headers: { authorization: `Bearer ${token}` } });
  const body = (await answer.json()) as { errors: { code: number; message: string }[] };
  expect(body.errors.every(({ message }) => message !== "")).toBe(true);
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    retryAfter: answer.headers.get("retry-after"),
    body: { ...body, errors: body.errors.map(({ code }) => code), result_info: undefined },
  };
}
const fail = ({ baseUrl, failure }: Fake, status: 429 | 500) =>
  fetch(new URL("/_fake/faults", baseUrl), { method: "PUT", body: JSON.stringify([failure(status)]) });
const refused = (status: number, errors: readonly unknown[], retryAfter: string | null = null) => ({
  ...{ status, type: "application/json", retryAfter },
  body: { success: false, errors, messages: [], result: null, result_info: undefined },
});

for (const name of ["operator", "rules_wrangler"]) {
  const fake = () => fakes[name]!;

  test(`${name}: a call that goes well has its result in an envelope`, async () => {
    expect(await ask(fake(), `/accounts/${ACCOUNT}/${fake().list}`)).toEqual({
      ...{ status: 200, type: "application/json", retryAfter: null },
      body: { success: true, errors: [], messages: [], result: [], result_info: undefined },
    });
  });

  test(`${name}: another token, another account and another path are refused alike`, async () => {
    const list = `/accounts/${ACCOUNT}/${fake().list}`;
    expect(await ask(fake(), list, "other")).toEqual(refused(403, [10_000]));
    expect(await ask(fake(), list.replace(ACCOUNT, "1".repeat(32)))).toEqual(refused(403, [10_000]));
    expect(await ask(fake(), "/nothing")).toEqual(refused(404, [7003]));
  });

  test(`${name}: too many calls and failures look alike`, async () => {
    const list = `/accounts/${ACCOUNT}/${fake().list}`;
    await fail(fake(), 429);
    expect(await ask(fake(), list)).toEqual(refused(429, [expect.any(Number)], "30"));
    await fail(fake(), 500);
    expect(await ask(fake(), list)).toEqual(refused(500, [10_013]));
    expect((await ask(fake(), list)).status).toBe(200);
  });
}
