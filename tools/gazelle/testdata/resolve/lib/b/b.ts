import { version } from "virtual:version";
import { x } from "generated/x";

export { version, x };
