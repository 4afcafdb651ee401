import { refuseImageUpdates } from "./image-updater.ts";
import type { ApplicationRequest, IgnoredDifference, SyncPolicy } from "./request.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
const duration = /^(\d+(ms|s|m|h))+$/;
const policyFields = ["automated", "managedNamespaceMetadata", "retry", "syncOptions"];

/** Everything that Argo CD would not take, each with what was expected; empty when all is well. */
export function refuse(request: ApplicationRequest): readonly string[] {
  const { destination, namespace, name, repoUrl, revision, source, syncWave } = request;
  const wrong: string[] = [];
  const expect = (ok: boolean, message: string): void => void (ok || wrong.push(message));
  expect(
    dnsSubdomain.test(name),
    `app: expected a name of lower case letters, digits, "-" and ".", received "${name}"`,
  );
  expect(
    dnsLabel.test(namespace),
    `namespace: expected up to 63 lower case letters, digits and "-", received "${namespace}"`,
  );
  expect(
    repoUrl !== "",
    "repo_url: expected the address at which Argo CD reads this repository, received none; a macro of your own around argocd_app can set it once for all",
  );
  expect(revision !== "", 'revision: expected a branch, a tag or a commit such as "main", received ""');
  expect(
    (destination.server === undefined) !== (destination.name === undefined),
    `destination: expected the cluster by either destination_server or destination_name, received ${destination.server === undefined ? "neither" : "both"}`,
  );
  expect(/^(-?\d+)?$/.test(syncWave), `sync_wave: expected an integer, received "${syncWave}"`);
  if (source.kind === "registry") {
    expect(
      /^oci:\/\/[^/]+\/.+[^/]$/.test(source.repository),
      `chart_repository: expected oci://HOST/PATH, received "${source.repository}"`,
    );
    expect(source.version !== "", "chart_version: expected the version of the chart in the registry, received none");
  }
  if (source.kind === "manifests") {
    expect(source.path !== "", "manifests_folder: expected the folder of the committed manifests, received none");
  }
  return [
    ...wrong,
    ...refuseSyncPolicy(request.syncPolicy),
    ...request.ignoreDifferences.flatMap(refuseIgnored),
    ...refuseImageUpdates(request),
  ];
}

function refuseSyncPolicy(policy: SyncPolicy): string[] {
  const options = policy.syncOptions ?? [];
  const wrong = Object.keys(policy)
    .filter((field) => !policyFields.includes(field))
    .map((field) => `sync_policy: expected the fields ${policyFields.join(", ")}, received "${field}"`);
  for (const option of options) {
    if (!/^[A-Za-z]+=[A-Za-z]+$/.test(option)) {
      wrong.push(`sync_policy: syncOptions: expected Name=value such as "CreateNamespace=true", received "${option}"`);
    }
  }
  if (policy.managedNamespaceMetadata !== undefined && !options.includes("CreateNamespace=true")) {
    wrong.push(
      'sync_policy: managedNamespaceMetadata has an effect only with the sync option "CreateNamespace=true"; add it, or let the chart render the Namespace',
    );
  }
  const { duration: first, maxDuration } = policy.retry?.backoff ?? {};
  for (const time of [first, maxDuration]) {
    if (time !== undefined && !duration.test(time)) {
      wrong.push(`sync_policy: retry.backoff: expected a duration such as "30s" or "5m", received "${time}"`);
    }
  }
  return wrong;
}

function refuseIgnored(entry: IgnoredDifference): string[] {
  const wrong: string[] = [];
  const pointers = entry.jsonPointers ?? [];
  const named = [...pointers, ...(entry.jqPathExpressions ?? []), ...(entry.managedFieldsManagers ?? [])];
  if (!entry.kind) wrong.push(`ignore_differences: expected a kind, received ${JSON.stringify(entry)}`);
  if (named.length === 0) {
    wrong.push(
      `ignore_differences: ${entry.kind}: expected jsonPointers, jqPathExpressions or managedFieldsManagers; without one nothing is ignored`,
    );
  }
  for (const pointer of pointers) {
    if (!pointer.startsWith("/")) {
      wrong.push(
        `ignore_differences: ${entry.kind}: expected a JSON pointer such as "/spec/replicas", received "${pointer}"`,
      );
    }
  }
  return wrong;
}
