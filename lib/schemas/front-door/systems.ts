import { type Static, Type } from "typebox";

/** A system that the front door serves: its built site at `/<name>/`, and the services that answer `/<name>/api/*` and `/<name>/images/*`. */
export const ServedSystemSchema = Type.Object({
  name: Type.String({ pattern: "^[a-z][a-z0-9-]*$" }),
  title: Type.String(),
  about: Type.String(),
  /** A folder, or null for a system whose site was not built. */
  site: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  /** The service's origin, such as http://127.0.0.1:8083. */
  api: Type.String({ pattern: "^https?://[^/]+$" }),
  /** The origin that makes its pictures, which answers `/<name>/images/*` as `/*`; none for a system without pictures. */
  images: Type.Optional(Type.String({ pattern: "^https?://[^/]+$" })),
});

/** See {@link ServedSystemSchema}. */
export type ServedSystem = Readonly<Static<typeof ServedSystemSchema>>;
