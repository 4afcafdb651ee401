import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { HttpServer } from "#lib/service/http.ts";

/** The page takes scripts, styles and answers from here only; its script writes styles and small pictures of its own. */
const CONTENT_POLICY = {
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "connect-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/**
 * Adds the description of the API, which is made of the schemas of its routes: `GET /api/openapi.json`, and a page to
 * try it at `GET /api/docs`, whose scripts come from here. To be called before the routes are added.
 */
export async function registerOpenApi(server: HttpServer): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "trips", version: "1", description: "Where the trips went. Times are UTC, places WGS84." },
      tags: [
        { name: "read", description: "Anyone, as far as the owner's settings let him" },
        { name: "write", description: "With an API key" },
      ],
      components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
    },
    hideUntagged: true,
    // Relative to the description itself, since a proxy may show the API below a path of its own.
    transformObject: (document) => ({
      ...("openapiObject" in document ? document.openapiObject : {}),
      servers: [{ url: "..", description: "this host" }],
    }),
    transform: ({ schema, url }) => ({ schema, url: url.replace(/^\/api/, "") }),
  });
  server.get("/api/openapi.json", { schema: { hide: true } }, () => ({
    ...server.swagger(),
    servers: [{ url: ".", description: "this host" }],
  }));
  server.addHook("onRequest", async (request, reply) => {
    if (request.url === "/api/docs") return reply.redirect("docs/");
  });
  await server.register(swaggerUi, {
    routePrefix: "/api/docs",
    staticCSP: CONTENT_POLICY,
    theme: { title: "API of trips" },
    uiConfig: { validatorUrl: null, persistAuthorization: false },
  });
}
