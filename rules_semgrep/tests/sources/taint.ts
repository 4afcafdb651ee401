const a = input();
const b = a + 1;
eval(b);
