eval("1");
