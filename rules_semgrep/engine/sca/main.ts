/** The program for what reads lockfiles: sca.mjs. See engine/main.ts. */
import { program } from "../program.ts";
import { scaMatches, scaPackages, scaPlaces } from "./commands.ts";

await program({ "sca-matches": scaMatches, "sca-packages": scaPackages, "sca-places": scaPlaces });
