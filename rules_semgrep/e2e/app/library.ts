export function load(text: string): unknown {
  return eval(text);
}

export function again(text: string): unknown {
  // nosemgrep: no-eval -- the text is a constant of ours
  return eval(text);
}
