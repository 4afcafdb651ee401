import { load } from "./library.ts";

load("1 + 1");
