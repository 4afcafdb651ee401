import type { Path, Rule } from "../changes.ts";
import { dangerous, type Line, say } from "../say.ts";
import type { JsonObject } from "../tree.ts";

/** What is known of a kind of resource. */
export interface Kind {
  /** What its changes mean; whatever no rule speaks of is described by path. */
  readonly rules?: readonly Rule[];
  /** What a reviewer wants to know of one that is added. */
  readonly introduce?: (object: JsonObject) => Line[];
  /** What is lost with one that is removed; undefined where that is harmless. */
  readonly loss?: (object: JsonObject) => string | undefined;
  /** Where the template of its pods stands: a change below it replaces them. */
  readonly pods?: Path;
}

/** Why a change of this field cannot be applied. */
export const refused = "immutable: Kubernetes refuses the change; the resource has to be deleted and made anew";

/** Fields that cannot be changed once the resource exists. */
export function immutable(...paths: readonly Path[]): Rule[] {
  return paths.flatMap((at): Rule[] => {
    const name = at.filter((key) => key !== "spec").join(".");
    return [{ at, say: () => [dangerous(say`${{ it: name }} changed`, refused)] }];
  });
}
