/**
 * Where a photo stands. Each photo is in exactly one state; `discovered` … `published` is the way of every photo, `deleting` and
 * `deleted` follow only when the card is to be cleared. `failed` is kept aside with a reason, `paused` waits for the owner.
 */
export const STATES = [
  "discovered",
  "downloading",
  "downloaded",
  "storing",
  "stored",
  "publishing",
  "published",
  "deleting",
  "deleted",
  "failed",
  "paused",
] as const;

/** See {@link STATES}. */
export type State = (typeof STATES)[number];

/** A piece of work on a photo. */
export type Stage = "download" | "store" | "publish" | "delete";

/** From where a stage takes a photo, where it stands meanwhile, and where it is afterwards. */
export const STAGES: Readonly<Record<Stage, { readonly from: State; readonly active: State; readonly to: State }>> = {
  download: { from: "discovered", active: "downloading", to: "downloaded" },
  store: { from: "downloaded", active: "storing", to: "stored" },
  publish: { from: "stored", active: "publishing", to: "published" },
  delete: { from: "published", active: "deleting", to: "deleted" },
};

/** The resting state of a photo whose work was cut off: that from which the stage takes it again. */
export function restingState(state: State): State {
  return Object.values(STAGES).find(({ active }) => active === state)?.from ?? state;
}

/** The states in sums that a person asks for: waiting, under way, done, kept aside, paused. */
export function summaryOf(
  states: Readonly<Record<State, number>>,
): Record<"pending" | "uploading" | "done" | "failed" | "paused", number> {
  const sum = (...names: State[]) => names.reduce((total, name) => total + states[name], 0);
  return {
    pending: sum("discovered", "downloaded", "stored"),
    uploading: sum("downloading", "storing", "publishing"),
    done: sum("published", "deleting", "deleted"),
    failed: states.failed,
    paused: states.paused,
  };
}
