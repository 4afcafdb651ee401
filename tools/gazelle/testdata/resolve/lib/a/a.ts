import { version } from "virtual:version";

export { version };
