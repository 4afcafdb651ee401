import { Type } from "typebox";

/** Stream sequence: 0 stands before the first event. */
export const SeqSchema = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
