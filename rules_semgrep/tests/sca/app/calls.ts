import templates from "templates";

export const page = (text: string): string => templates.compile(text)({});
