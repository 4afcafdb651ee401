export * from "./point.ts";
