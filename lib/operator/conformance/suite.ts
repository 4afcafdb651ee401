import { afterAll, beforeAll, describe } from "vitest";
import { apply } from "./apply.ts";
import { deletions } from "./deletions.ts";
import { lists } from "./lists.ts";
import { objects } from "./objects.ts";
import { type ServerUnderTest, type Setting, settingOf } from "./setting.ts";
import { watches } from "./watches.ts";

/** What every implementation of `KubeApi` has to do, as tests. Each test uses names of its own. */
export function conformance(what: string, start: () => Promise<ServerUnderTest>): void {
  describe(what, () => {
    let running: ServerUnderTest;
    let setting: Setting;
    beforeAll(async () => {
      running = await start();
      setting = settingOf(running.server);
    });
    afterAll(() => running?.close());
    for (const part of [objects, apply, deletions, lists, watches]) describe(part.name, () => part(() => setting));
  });
}
