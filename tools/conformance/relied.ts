/** The variables of a js_binary that this repository reads. */
export const relied = [
  "BINDIR",
  "EXECROOT",
  "NODE_BINARY",
  "NODE_WRAPPER",
  "PACKAGE",
  "RUNFILES",
  "TARGET",
  "TARGET_NAME",
  "WORKSPACE",
].map((name) => `JS_BINARY__${name}`);
