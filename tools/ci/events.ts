/** The parts of Bazel's build events (one JSON object a line in `--build_event_json_file`) that are read here. */
export interface BuildEvent {
  readonly id?: {
    readonly targetConfigured?: { readonly label: string };
    readonly targetCompleted?: { readonly label: string; readonly aspect?: string };
    readonly testResult?: {
      readonly label: string;
      readonly run?: number;
      readonly shard?: number;
      readonly attempt?: number;
    };
    readonly testSummary?: { readonly label: string };
    readonly unconfiguredLabel?: { readonly label: string };
    readonly pattern?: { readonly pattern: readonly string[] };
  };
  readonly configured?: { readonly targetKind?: string; readonly testSize?: string };
  readonly completed?: { readonly success?: boolean; readonly failureDetail?: { readonly message?: string } };
  readonly aborted?: { readonly reason?: string; readonly description?: string };
  readonly testResult?: {
    readonly status?: string;
    readonly cachedLocally?: boolean;
    readonly executionInfo?: { readonly cachedRemotely?: boolean; readonly strategy?: string };
    readonly testActionOutput?: readonly { readonly name: string; readonly uri?: string }[];
  };
  readonly testSummary?: { readonly overallStatus?: string };
  readonly finished?: { readonly exitCode?: { readonly name?: string; readonly code?: number } };
}

/** Reads build events; a torn last line, as a killed Bazel leaves it, is left out. */
export function parseEvents(text: string): readonly BuildEvent[] {
  return text.split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as BuildEvent];
    } catch {
      return [];
    }
  });
}
