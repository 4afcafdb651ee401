/** Where Argo CD takes the resources of an application from. Paths are relative to the root of the repository. */
export type ApplicationSource =
  /** The rendered manifests that are committed: what was reviewed is what is applied. */
  | { readonly kind: "manifests"; readonly path: string }
  /** The chart in git; Argo CD renders it. */
  | { readonly kind: "chart"; readonly path: string; readonly valueFiles: readonly string[] }
  /** The chart in a registry, with values files that stay in git. */
  | {
      readonly kind: "registry";
      /** `oci://HOST/PATH`, without the chart's name. */
      readonly repository: string;
      readonly chart: string;
      readonly version: string;
      readonly valueFiles: readonly string[];
    };

/** What Argo CD Image Updater does for one image. */
export interface ImageUpdate {
  /** The image, with a constraint where the strategy takes one: `registry.example.org/x/trips-api:~1.2`. */
  readonly image: string;
  readonly strategy?: string;
  /** `regexp:<expression>` or `any`. */
  readonly allow_tags?: string;
  /** Keys of values: `name` and `tag` where the chart has two, or `spec` where it has one for both. */
  readonly keys?: { readonly name?: string; readonly tag?: string; readonly spec?: string };
}

/** One entry of `spec.ignoreDifferences`. */
export interface IgnoredDifference {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
  readonly managedFieldsManagers?: readonly string[];
}

/** `spec.syncPolicy`, as far as it is looked at here. */
export interface SyncPolicy {
  readonly automated?: { readonly prune?: boolean; readonly selfHeal?: boolean; readonly allowEmpty?: boolean };
  readonly syncOptions?: readonly string[];
  readonly retry?: {
    readonly limit?: number;
    readonly backoff?: { readonly duration?: string; readonly factor?: number; readonly maxDuration?: string };
  };
  readonly managedNamespaceMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** All that an Application is written from. */
export interface ApplicationRequest {
  /** `metadata.name`. */
  readonly name: string;
  /** Where Argo CD itself runs: `metadata.namespace`. */
  readonly argocdNamespace: string;
  /** Where the resources go. */
  readonly namespace: string;
  readonly releaseName: string;
  readonly source: ApplicationSource;
  readonly repoUrl: string;
  readonly revision: string;
  readonly project: string;
  /** The cluster, by one of the two. */
  readonly destination: { readonly server?: string; readonly name?: string };
  readonly syncPolicy: SyncPolicy;
  /** An integer as text, or "" for none. */
  readonly syncWave: string;
  readonly ignoreDifferences: readonly IgnoredDifference[];
  readonly imageUpdates: Readonly<Record<string, ImageUpdate>>;
  /** Values that are known to the build alone, such as digests of images. */
  readonly parameters: Readonly<Record<string, string>>;
  /** "" leaves the choice to the cluster. */
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  /** Whether the resources go when the Application goes. */
  readonly cascade: boolean;
}
