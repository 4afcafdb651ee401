import { Type } from "typebox";
import type { HttpServer } from "#lib/service/http.ts";
import type { Camera } from "./camera.ts";
import type { Card } from "./card.ts";
import { FaultsSchema } from "./faults.ts";

/** Adds `/simulator/*`: the hands of a person at the camera. */
export function registerControl(server: HttpServer, { camera, card }: { camera: Camera; card: Card }): void {
  server.get("/simulator/faults", () => camera.faults);
  server.post(
    "/simulator/faults",
    { schema: { body: Type.Partial(FaultsSchema, { additionalProperties: false }) } },
    ({ body }) => {
      camera.faults = { ...camera.faults, ...body };
      return camera.faults;
    },
  );
  server.post("/simulator/wake", () => {
    camera.wake();
    return {};
  });
  server.post("/simulator/power", () => {
    camera.power();
    return {};
  });
  server.post("/simulator/format", async () => {
    await card.format();
    return {};
  });
  server.post(
    "/simulator/pictures",
    { schema: { body: Type.Object({ count: Type.Integer({ minimum: 1, maximum: 20_000 }) }) } },
    async ({ body }) => {
      for (let taken = 0; taken < body.count; taken++) await camera.take();
      return { pictures: card.pictures };
    },
  );
}
