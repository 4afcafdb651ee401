import { byPath, type Rule } from "../changes.ts";
import { billionths } from "../quantity.ts";
import { change, dangerous, say } from "../say.ts";
import { type Json, textAt, textsAt } from "../tree.ts";
import { type Kind, refused } from "./kind.ts";

const storage = ["spec", "resources", "requests", "storage"];

/** PersistentVolumeClaims: only growth is possible. */
export const claim: Kind = {
  rules: [
    {
      at: storage,
      say: (was, is) => [
        dangerous(say`storage ${change(was, is)}`, shrinks(was, is) && "a claim cannot shrink: Kubernetes refuses it"),
      ],
    },
    { at: ["spec", "volumeAttributesClassName"], say: (was, is) => [say`volume attributes class ${change(was, is)}`] },
    { at: ["spec", "**"], say: (was, is, path) => [dangerous(byPath(was, is, path), refused)] },
  ],
  introduce: (object) => [
    say`storage ${{ is: textAt(object, ...storage) }}, ${textsAt(object, "spec", "accessModes").join(", ") || "no access mode"}`,
  ],
  loss: () => "its data go with it unless the volume is retained",
};

function shrinks(was: Json | undefined, is: Json | undefined): boolean {
  const [before, after] = [billionths(String(was)), billionths(String(is))];
  return before !== undefined && after !== undefined && after < before;
}

/** PersistentVolumes. */
export const volume: Kind = {
  rules: [
    {
      at: ["spec", "persistentVolumeReclaimPolicy"],
      say: (was, is) => [
        dangerous(say`reclaim policy ${change(was, is)}`, is === "Delete" && "data go when the claim does"),
      ],
    },
  ],
  loss: () => "the data may be out of reach",
};

/** StorageClasses, which can only be made anew. */
export const storageClass: Kind = {
  rules: ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"].map((key): Rule => ({
    at: [key],
    say: (was, is) => [dangerous(byPath(was, is, [key]), refused)],
  })),
};

export const namespace: Kind = { loss: () => "everything in it goes, volumes too" };
