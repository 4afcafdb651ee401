import "@scope/missing/deep.js";

import "./nowhere.ts";
import "./c";
import "#other/x.ts";
import "../../../outside.ts";
import "#lib/data.json";
