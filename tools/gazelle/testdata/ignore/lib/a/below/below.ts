import { a } from "../a.ts";

export { a };
