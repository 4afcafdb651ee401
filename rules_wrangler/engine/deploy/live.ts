import type { Kind } from "../config/check.ts";
import { type ApiFailure, callApi } from "./api.ts";
import type { Credentials } from "./credentials.ts";

/** What Cloudflare serves in production now. */
export interface Live {
  /** The Pages deployment or the Worker's version; undefined before the first. */
  readonly id: string | undefined;
  /** The production branch of a Pages project. */
  readonly productionBranch: string | undefined;
}

interface Project {
  readonly production_branch?: string;
  readonly canonical_deployment?: { readonly id: string } | null;
}

interface Deployments {
  readonly deployments: readonly {
    readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
  }[];
}

/** Asks what a site serves; `missing` when there is no such project or Worker. */
export async function liveOf(
  kind: Kind,
  name: string,
  who: Credentials,
): Promise<{ readonly live: Live } | { readonly missing: true } | { readonly failure: ApiFailure }> {
  if (kind === "pages") {
    const answer = await callApi<Project>(who, "GET", `pages/projects/${name}`);
    if ("failure" in answer) return answer.failure.status === 404 ? { missing: true } : answer;
    const { canonical_deployment: live, production_branch: branch } = answer.result;
    return { live: { id: live?.id, productionBranch: branch } };
  }
  const answer = await callApi<Deployments>(who, "GET", `workers/scripts/${name}/deployments`);
  if ("failure" in answer) return answer.failure.status === 404 ? { missing: true } : answer;
  const versions = answer.result.deployments[0]?.versions ?? [];
  return {
    live: { id: versions.toSorted((a, b) => b.percentage - a.percentage)[0]?.version_id, productionBranch: undefined },
  };
}
