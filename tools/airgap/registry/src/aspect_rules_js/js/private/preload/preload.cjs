"use strict";
// Loaded by every Node that a js_binary starts, and by the Nodes that these start.
const {
  JS_BINARY__FS_PATCH_ROOTS: roots,
  JS_BINARY__NODE_WRAPPER: wrapper,
  JS_BINARY__PATCH_NODE_FS: wanted,
} = process.env;

process.env.JS_BINARY__NODE_PATCHES_DEPTH = `${process.env.JS_BINARY__NODE_PATCHES_DEPTH ?? ""}.`;
// Children are started through the wrapper, so that they are patched too.
if (wrapper) process.argv[0] = process.execPath = wrapper;
if (roots && wanted && wanted !== "0") require("./patch.cjs")(roots.split(":"));
