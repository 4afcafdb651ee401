import "./deep/er/two.ts";
