import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { HttpServer } from "#lib/service/http.ts";

/**
 * Adds the description of the API, which is made of the schemas of its routes: `GET /api/openapi.json`, and a page to
 * try it at `GET /api/docs`, whose scripts come from here. To be called before the routes are added.
 */
export async function registerOpenApi(server: HttpServer): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "trips", version: "1", description: "Where the trips went. Times are UTC, places WGS84." },
      servers: [{ url: "..", description: "this host" }],
      tags: [
        { name: "read", description: "Anyone, as far as the owner's settings let him" },
        { name: "write", description: "With an API key" },
      ],
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    },
    hideUntagged: true,
    transform: ({ schema, url }) => ({ schema, url: url.replace(/^\/api/, "") }),
  });
  server.get("/api/openapi.json", { schema: { hide: true } }, () => server.swagger());
  await server.register(swaggerUi, {
    routePrefix: "/api/docs",
    staticCSP: true,
    uiConfig: { validatorUrl: null, persistAuthorization: false },
  });
}
