import { rules } from "./rules.ts";

rules();
