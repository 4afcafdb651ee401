/** Compiled by the conformance test, which looks at what comes out. */
export const emitted: number = 1;
