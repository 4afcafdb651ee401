import { pack } from "./pack.ts";

pack();
