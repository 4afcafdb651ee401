import { type CloudflareError, mayBeCommitted } from "./api/errors.ts";
import type { Plan, Step } from "./plan.ts";
import type { Session } from "./session.ts";

/** How carrying out a part of a plan ended. */
export type Applied =
  /** All of it is done; a new plan says what is next. */
  | { readonly kind: "done" }
  /** Not yet: come back after `ms`. */
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "failed"; readonly error: CloudflareError };

const done: Applied = { kind: "done" };

/** Makes sure that the routes are gone that the plan withdraws, and will not come back by a call of before. */
export async function withdraw({ withdraw: steps }: Plan, session: Session): Promise<Applied> {
  if (steps.length === 0) return done;
  const synced = await session.routes.sync(true);
  switch (synced.kind) {
    case "written":
      return done;
    case "unsettled":
      return { kind: "wait", ms: synced.ms };
    case "failed":
      return synced;
  }
}

/** Deletes applications, unless a route may still rely on one. */
export async function deleteApps({ deleteApps: steps }: Plan, hash: string, session: Session): Promise<Applied> {
  const { cloudflare, observation, routes, signal } = session;
  for (const { app } of steps) {
    if (routes.mayHaveRoute(app.domain)) {
      const synced = await routes.sync(true);
      if (synced.kind === "failed") return synced;
      if (routes.mayHaveRoute(app.domain))
        return { kind: "wait", ms: synced.kind === "unsettled" ? synced.ms : RECHECK_MS };
    }
    observation.doom(app);
    const answer = await cloudflare.apps.delete(app.id, { signal });
    if (answer.ok || answer.error.kind === "NotFound") observation.deletedApp(app);
    else {
      if (mayBeCommitted(answer.error)) observation.doubt(app.domain, hash);
      else observation.spare(app);
      return { kind: "failed", error: answer.error };
    }
  }
  return done;
}

/** Writes records: changed, made or deleted. */
export async function writeRecords(
  changes: Plan["records"],
  hash: string,
  { records, observation, signal }: Session,
): Promise<Applied> {
  for (const change of changes) {
    const error = await records.submit(change);
    if (error === undefined) continue;
    if (mayBeCommitted(error)) observation.doubt(change.hostname, hash);
    if (error.kind === "RecordExists" || error.kind === "RecordMissing")
      await observation.look(change.hostname, { signal });
    return { kind: "failed", error };
  }
  return done;
}

/** Removes all that a plan finds unwanted, in the order that leaves nothing open: route, application, records. */
export async function removeAll(plan: Plan, hash: string, session: Session): Promise<Applied> {
  const withdrawn = await withdraw(plan, session);
  if (withdrawn.kind !== "done") return withdrawn;
  const deleted = await deleteApps(plan, hash, session);
  if (deleted.kind !== "done") return deleted;
  return await writeRecords(plan.deleteRecords, hash, session);
}

/** Makes or changes applications. */
export async function writeApps({ apps }: Plan, hash: string, session: Session): Promise<Applied> {
  const { observation, cloudflare, tag, signal } = session;
  for (const step of apps) {
    const untagged = await tag.ensure();
    if (untagged !== undefined) return { kind: "failed", error: untagged };
    const hostname = step.spec.domain;
    const created = step.kind === "createApp";
    const answer = created
      ? await cloudflare.apps.create(step.spec, { signal })
      : await cloudflare.apps.update(step.app.id, step.spec, { signal });
    if (answer.ok) {
      observation.wroteApp(answer.value, created);
      continue;
    }
    const { error } = answer;
    if (mayBeCommitted(error)) observation.doubt(hostname, hash);
    if (!created && error.kind === "NotFound") observation.deletedApp(step.app);
    if (error.kind === "Invalid") tag.forget();
    if (error.kind === "AppExists") await observation.look(hostname, { signal });
    return { kind: "failed", error };
  }
  return done;
}

/** Brings the tunnel up to date. Done when the hostname has its route. */
export async function publish(
  { routes: [step] }: Plan,
  hostname: string,
  { routes, observation }: Session,
): Promise<Applied> {
  if (step === undefined) return observation.world.ruleOf(hostname) ? done : { kind: "wait", ms: RECHECK_MS };
  const synced = await routes.sync(false);
  if (synced.kind === "failed") return synced;
  if (observation.world.ruleOf(hostname)) return done;
  return { kind: "wait", ms: synced.kind === "unsettled" ? synced.ms : RECHECK_MS };
}

/** One step in words, for people: events and dry runs. */
export function describe(step: Step): string {
  switch (step.kind) {
    case "withdrawRoute":
      return `withdraw the route of ${step.hostname}`;
    case "deleteApp":
      return `delete the Access application of ${step.app.domain}`;
    case "records": {
      const { deletes, puts, posts } = step.batch;
      const counted = [`${posts.length} new`, `${puts.length} changed`, `${deletes.length} deleted`];
      return `write the records of ${step.hostname}: ${counted.filter((text) => !text.startsWith("0")).join(", ")}`;
    }
    case "createApp":
      return `create the Access application of ${step.spec.domain}`;
    case "updateApp":
      return `change the Access application of ${step.spec.domain}`;
    case "publishRoute":
      return `route ${step.rule.hostname} to ${step.rule.service}`;
  }
}

/** While a configuration of others is on its way. */
const RECHECK_MS = 1_000;
