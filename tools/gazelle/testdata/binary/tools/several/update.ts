import { rules } from "./rules.ts";
import { write } from "./write.ts";

write(rules());
