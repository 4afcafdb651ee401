/** The models that are simulated. */
export type ModelName = "HERO13" | "HERO12";

/** What tells a model from another. */
export interface Model {
  readonly name: string;
  readonly number: string;
  readonly firmware: string;
  /** A HERO12 has none: no setting 83, no status 68, no GPS block. */
  readonly gps: boolean;
  /** Settings by number, as the camera leaves the shop: 59 auto power down, 83 GPS, 125 output, 171 interval. */
  readonly settings: readonly (readonly [number, number])[];
}

const COMMON = [
  [59, 4],
  [125, 0],
  [171, 0],
] as const;

const MODELS: Readonly<Record<ModelName, Model>> = {
  HERO13: {
    name: "HERO13 Black",
    number: "65",
    firmware: "H24.01.02.10.00",
    gps: true,
    settings: [...COMMON, [83, 1]],
  },
  HERO12: { name: "HERO12 Black", number: "62", firmware: "H23.01.02.32.00", gps: false, settings: COMMON },
};

/** Looks a model up. */
export const modelOf = (name: ModelName): Model => MODELS[name];
