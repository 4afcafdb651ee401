import "../one.ts";
