/// <reference types="geojson" />
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
export const ws = require("ws/lib/sender.js");
