import { named } from "./named.ts";

named();
