import { type Static, Type } from "typebox";

const Name = Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" });
const Text = Type.String({ minLength: 1, maxLength: 253 });
const Id = Type.String({ pattern: "^[0-9a-f-]{1,64}$" });
const deployment = { namespace: Name, name: Name };
const action = <
  Kind extends string,
  Fields extends Record<string, ReturnType<typeof Type.String | typeof Type.Boolean>>,
>(
  kind: Kind,
  fields: Fields,
) => Type.Object({ kind: Type.Literal(kind), ...fields }, { additionalProperties: false });

/** What a person may do: to a Deployment, by hand in Cloudflare, and to make trouble. */
export const ActionSchema = Type.Union([
  action("create", { name: Name, hostname: Text, policy: Text }),
  action("rename", { ...deployment, hostname: Text }),
  action("protect", { ...deployment, policy: Text }),
  action("disable", { ...deployment, disabled: Type.Boolean() }),
  action("delete", deployment),
  action("delete-record", { id: Id }),
  action("redirect-record", { id: Id }),
  action("add-record", { hostname: Text }),
  action("delete-app", { id: Id }),
  action("delete-route", { hostname: Text }),
  Type.Object(
    {
      kind: Type.Literal("trouble"),
      trouble: Type.Union([
        Type.Literal("lost"),
        Type.Literal("throttled"),
        Type.Literal("late"),
        Type.Literal("none"),
      ]),
    },
    { additionalProperties: false },
  ),
  action("kill", {}),
]);

/** One of {@link ActionSchema}. */
export type Action = Static<typeof ActionSchema>;
