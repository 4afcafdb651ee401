import type { Finding } from "./finding.ts";
import { HARDENING } from "./hardening/rules.ts";
import { type Resource, resourceName } from "./resources.ts";
import { objectAt } from "./workload.ts";

/** The beginning of an annotation that allows a finding: `rules-helm/allow.probes`, or `rules-helm/allow.probes.<container>` for one container. */
export const ANNOTATION = "rules-helm/allow.";

/** A finding that somebody allowed, and why. */
export interface Allowed {
  readonly finding: Finding;
  readonly reason: string;
}

/** What remains after allowances, what they took away, and what is wrong with the allowances themselves. */
export interface AfterAllowances {
  readonly findings: readonly Finding[];
  readonly allowed: readonly Allowed[];
}

interface Allowance {
  readonly rule: string;
  /** `Deployment trips-api`. */
  readonly resource: string;
  readonly container: string | undefined;
  readonly reason: string;
  readonly where: Pick<Finding, "file" | "line" | "resource">;
  readonly written: string;
}

/**
 * Takes away what annotations and the attribute `allow` allow. Keys of the attribute are `<rule> <Kind>/<name>` or
 * `<rule> <Kind>/<name>/<container>`, values are reasons. An allowance without a reason, of an unknown rule or that nothing needs is a finding.
 */
export function applyAllowances(
  findings: readonly Finding[],
  resources: readonly Resource[],
  attribute: Readonly<Record<string, string>>,
  label: string,
): AfterAllowances {
  const allowances = [...resources.flatMap(annotated), ...written(attribute, label)];
  const sound = allowances.filter((each) => complaint(each) === undefined);
  const used = new Set<Allowance>();
  const allowed: Allowed[] = [];
  const remaining = findings.filter((finding) => {
    const matching = sound.filter((each) => covers(each, finding));
    for (const each of matching) used.add(each);
    if (matching[0]) allowed.push({ finding, reason: matching[0].reason });
    return matching.length === 0;
  });
  const complaints = allowances.flatMap((each) => {
    const unused = used.has(each) ? undefined : UNUSED;
    const found = complaint(each) ?? unused;
    return found ? [{ ...each.where, rule: "allowance", ...found(each) }] : [];
  });
  return { findings: [...remaining, ...complaints], allowed };
}

type Complaint = (allowance: Allowance) => Pick<Finding, "is" | "expected" | "mend">;

const UNUSED: Complaint = (each) => ({
  is: `${each.written} allows what nobody found`,
  expected: "an allowance for something that is there",
  mend: "delete it: what it was for is mended, or it names something else",
});

function complaint(allowance: Allowance): Complaint | undefined {
  if (!(HARDENING as readonly string[]).includes(allowance.rule))
    return (each) => ({
      is: `${each.written} names no check`,
      expected: `one of ${HARDENING.join(", ")}`,
      mend: "correct the name; what a schema or Pod Security refuses cannot be allowed here",
    });
  if (allowance.reason.trim() === "")
    return (each) => ({
      is: `${each.written} without a reason`,
      expected: "why it has to be so, for those who come after",
      mend: "write the reason as its value",
    });
  return undefined;
}

function covers(allowance: Allowance, finding: Finding): boolean {
  return (
    allowance.rule === finding.rule &&
    allowance.resource === finding.resource &&
    (allowance.container === undefined || allowance.container === finding.container)
  );
}

function annotated(resource: Resource): Allowance[] {
  const annotations = objectAt(resource.object, ["metadata", "annotations"]);
  return Object.entries(annotations).flatMap(([key, value]) => {
    if (!key.startsWith(ANNOTATION)) return [];
    const [rule = "", container] = key.slice(ANNOTATION.length).split(".", 2);
    const line = resource.lineOf(["metadata", "annotations", key]);
    return [
      {
        rule,
        resource: resourceName(resource),
        container,
        reason: typeof value === "string" ? value : "",
        where: { file: resource.file, line, resource: resourceName(resource) },
        written: `annotation ${key}`,
      },
    ];
  });
}

function written(attribute: Readonly<Record<string, string>>, label: string): Allowance[] {
  return Object.entries(attribute).map(([key, reason]) => {
    const [rule = "", target = ""] = key.split(" ", 2);
    const [kind = "", name = "", container] = target.split("/");
    return {
      rule,
      resource: `${kind} ${name}`,
      container,
      reason,
      where: { file: label, line: 1, resource: "" },
      written: `allow "${key}"`,
    };
  });
}
