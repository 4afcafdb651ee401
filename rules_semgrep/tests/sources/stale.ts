// nosemgrep: no-eval -- long gone
const one = 1;
const two = 2; // nosemgrep: other-rule
const three = 3; // nosemgrep
