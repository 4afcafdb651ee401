/** The program for what reads lockfiles: sca.mjs. See engine/main.ts. */
import { program } from "../program.ts";
import { scaMatches, scaPackages, scaPlaces } from "./commands.ts";
import { scaReport, scaTest, scaUpdateBaseline } from "./test.ts";

await program({
  "sca-matches": scaMatches,
  "sca-packages": scaPackages,
  "sca-places": scaPlaces,
  "sca-report": scaReport,
  "sca-test": scaTest,
  "sca-update-baseline": scaUpdateBaseline,
});
