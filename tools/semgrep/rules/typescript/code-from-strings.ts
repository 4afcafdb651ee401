import vm from "node:vm";

// ruleid: code-from-strings
eval(text);
// ruleid: code-from-strings
const add = new Function("a", "b", "return a + b");
// ruleid: code-from-strings
vm.runInNewContext(text, {});
// ruleid: code-from-strings
setTimeout("poll()", 1_000);
// ok: code-from-strings
evaluate(text);
// ok: code-from-strings
const functions: Function[] = [];
// ok: code-from-strings
setTimeout(poll, 1_000);
// ok: code-from-strings
session.eval(text);
