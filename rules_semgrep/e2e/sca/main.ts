import { render } from "markdown";

console.log(render("# Hello"));
