import { Type } from "typebox";
import Value from "typebox/value";
import { scenarios, type Setting, subjects } from "./plans.ts";
import { runOnce } from "./run.ts";
import { type Course, harnessFaults, type Run, type Verdict } from "./types.ts";

/** A run by names and numbers alone. */
export interface RecordedRun extends Setting {
  readonly course: Course;
}

const at = Type.Integer({ minimum: 0 });
const literals = <T extends string>(texts: readonly T[]) => Type.Union(texts.map((text) => Type.Literal(text)));
const keys = <T extends object>(of: T) => literals(Object.keys(of) as (string & keyof T)[]);
const closed = { additionalProperties: false };
const schema = Type.Object(
  {
    subject: keys(subjects),
    scenario: keys(scenarios),
    course: Type.Object(
      {
        actions: Type.Optional(
          Type.Array(
            Type.Object(
              { at: Type.Union([at, Type.Literal("end")]), lateMs: Type.Optional(at), name: Type.String() },
              closed,
            ),
          ),
        ),
        faults: Type.Optional(
          Type.Array(
            Type.Object({ at, kind: literals(harnessFaults), lease: Type.Optional(Type.Literal(true)) }, closed),
          ),
        ),
        lagMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30_000 })),
      },
      closed,
    ),
  },
  closed,
);

/** Writes a run down. */
export const encodeRun = ({ subject, scenario, course }: RecordedRun): string =>
  JSON.stringify({ subject, scenario, course });

/**
 * Reads a run that was written down.
 * @throws TypeError when the text is none, or names an action that its scenario does not have
 */
export function decodeRun(text: string): RecordedRun {
  const value: unknown = parsed(text);
  if (!Value.Check(schema, value)) {
    const [first] = Value.Errors(schema, value);
    throw new TypeError(
      `The text is no run: ${first?.instancePath || "it"} ${first?.message ?? "does not fit"}. Expected what a finding prints.`,
    );
  }
  const run = value as RecordedRun;
  const known = scenarios[run.scenario].actions.map(({ name }) => name);
  for (const { name } of run.course.actions ?? [])
    if (!known.includes(name))
      throw new TypeError(
        `The scenario ${run.scenario} has no action ${JSON.stringify(name)}; it has ${known.join(", ")}.`,
      );
  return run;
}

/** Does a run that was written down. */
export async function replay({ subject, scenario, course }: RecordedRun, trace: boolean): Promise<Verdict> {
  const run: Run = { subject: subjects[subject], scenario: scenarios[scenario], course, trace };
  return await runOnce(run);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError("The text is no run: it is no JSON. Expected what a finding prints.", { cause });
  }
}
