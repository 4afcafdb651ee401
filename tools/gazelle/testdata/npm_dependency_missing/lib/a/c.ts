import { d } from "#lib/d/d.ts";
