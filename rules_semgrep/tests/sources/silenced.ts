eval(one); // nosemgrep: no-eval -- the text is ours
// nosemgrep: no-eval -- likewise
eval(two);
eval(three); // nosemgrep
