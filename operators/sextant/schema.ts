type Schema = Readonly<Record<string, unknown>>;

const text = (description: string, more: Schema = {}): Schema => ({ type: "string", description, ...more });
const flag = (description: string): Schema => ({ type: "boolean", description });
const number = (description: string, minimum: number, maximum: number, type = "number"): Schema => ({
  type,
  minimum,
  maximum,
  description,
});
const duration = (description: string): Schema =>
  text(`${description} Such as 500ms, 5s or 1m30s.`, { pattern: "^(\\d+(ms|s|m|h))+$" });
const object = (description: string, properties: Schema, required: readonly string[] = []): Schema => ({
  type: "object",
  description,
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
});
const oneOrMore = (description: string): Schema => ({
  description,
  anyOf: [{ type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }],
});
const list = (items: Schema): Schema => ({ type: "array", items });

const types = {
  type: "string",
  pattern: "^(string|text|integer|number|boolean|time|evidence\\(.+,.+\\)|enum\\(.+\\))\\??$",
  description:
    "string: an identifier of the machine's own API, which only a proof of its call can be; evidence(api, field): an identifier of an API; text, integer, number, boolean, time; enum(a, b); a ? at the end makes it optional.",
};
const fields = (description: string): Schema => {
  const map = { type: "object", propertyNames: { pattern: "^[a-z][A-Za-z0-9]*$" }, additionalProperties: types };
  return { description, anyOf: [map, list(map)] };
};
const guard = "A TypeScript expression over from (the state's fields), params and ctx (context and nowMs).";
const trigger = (description: string): Schema => ({ enum: ["deletionTimestamp", "specChange", "drift"], description });

const state = object(
  "A state of the machine.",
  {
    name: text("Its name, such as CreatingDns.", { pattern: "^[A-Z][A-Za-z0-9]*$" }),
    description: text("What is true of a resource in it."),
    initial: flag("The state of a new resource; one state has this."),
    terminal: flag(
      "The goal: left by specChange, drift and deletionTimestamp only. With deletion: everything is gone.",
    ),
    error: flag("Something failed; left by a retry or a change, unless terminal."),
    deletion: flag("Part of deletion: entered by deletionTimestamp, and not left for other states."),
    requeue: duration("When to look again."),
    expectedWithin: duration("After so long in it there is an alert; default by requeue and backoff."),
    fields: fields("What is recorded in it."),
    fieldGroups: oneOrMore("Groups of fields that it has, too."),
  },
  ["name"],
);

const transition = object(
  "A way from one state to another.",
  {
    from: oneOrMore('The state, several, or "*": all states outside deletion (without a trigger: that are no goal).'),
    to: text("The state that it leads to."),
    action: text("Its name, such as StartCreation; the method is startCreation.", { pattern: "^[A-Z][A-Za-z0-9]*$" }),
    params: fields("What it takes: fields of the target, or proofs."),
    guard: text(`The name of a guard, or an expression. ${guard}`),
    trigger: trigger("What brings it about, other than progress."),
    description: text("What it does."),
    creates: oneOrMore("Things outside that exist once it was called."),
    removes: oneOrMore("Things outside that are gone once it was called."),
  },
  ["from", "to", "action"],
);

const property = object("What has to hold in every run, whatever fails.", {
  never: text("With without: this thing never exists …"),
  without: text("… without that one."),
  from: oneOrMore("With reaches: from these states …"),
  reaches: oneOrMore("… one of those can be reached."),
  answers: trigger("With in: this trigger is answered …"),
  offers: oneOrMore("With in: these actions can be taken, without a trigger …"),
  in: oneOrMore("… in these states …"),
  to: oneOrMore("… by leading to one of these. With requires: whatever leads to these states …"),
  when: text(`With offers: … wherever this is true. ${guard}`),
  action: oneOrMore("With requires: these actions …"),
  requires: text(`… are open only where this is true. ${guard}`),
});

/** The JSON Schema of the format, for editors. */
export const SCHEMA: Schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "A state machine of Sextant",
  ...object(
    "States and transitions of an operator.",
    {
      metadata: object("What the machine is called.", {
        name: text("Its name in metrics and identifiers; default the folder's or file's.", {
          pattern: "^[a-z][a-z0-9-]*$",
        }),
        description: text("What it does."),
        kind: text("The resource's kind."),
        group: text("The resource's API group."),
        version: text("The resource's API version."),
        statusField: text("Where the status stands in the resource; default status."),
      }),
      context: fields("What is observed for guards, beside the clock (nowMs)."),
      fieldGroups: {
        type: "object",
        description: "Fields that several states have.",
        additionalProperties: fields("A group of fields."),
      },
      states: list(state),
      guards: {
        type: "object",
        description: "Guards that have a name.",
        additionalProperties: {
          anyOf: [
            text(guard),
            object("A guard with a description.", { description: text("What it means."), when: text(guard) }, ["when"]),
          ],
        },
      },
      transitions: list(transition),
      errorHandling: object("How failures are retried.", {
        maxRetries: number("Retries before it is given up; default 10.", 0, 1000, "integer"),
        backoff: object("Waiting times.", {
          initial: duration("Before the first retry; default 1s."),
          factor: number("How much longer each time; default 2.", 1, 100),
          max: duration("At most; default 5m."),
          jitter: number("Share of the time that is drawn; default 0.1.", 0, 1),
        }),
      }),
      properties: list(property),
    },
    ["states", "transitions"],
  ),
};
