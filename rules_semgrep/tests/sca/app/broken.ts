templates.compile(x);
function f() { let let 3 = ; }
foo();
