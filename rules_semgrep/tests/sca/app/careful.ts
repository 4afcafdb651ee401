import templates from "templates";

export const page = (): string => templates.read("page.html");
