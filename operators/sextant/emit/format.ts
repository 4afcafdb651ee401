import { format } from "prettier";

/** Formats a generated file as //:format would, with .prettierrc.json's width. Prettier's Babel parser starts fastest, and prints the same. */
export const formatted = (text: string, parser: "babel-ts" | "markdown" | "json" | "yaml"): Promise<string> =>
  format(text, { parser, printWidth: 120, proseWrap: "preserve", endOfLine: "lf" });
