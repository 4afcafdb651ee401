// ruleid: no-eval
eval(text);
// ok: no-eval
JSON.parse(text);
