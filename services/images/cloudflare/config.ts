import { Type } from "typebox";
import { HttpUrl } from "#lib/service/variables.ts";

/** The environment of the deployment. */
export const ConfigSchema = Type.Object({
  CLOUDFLARE_API_TOKEN: Type.String({ minLength: 1, secret: true }),
  CLOUDFLARE_API_URL: Type.Unsafe<string>({ ...HttpUrl, default: "https://api.cloudflare.com/client/v4" }),
});
