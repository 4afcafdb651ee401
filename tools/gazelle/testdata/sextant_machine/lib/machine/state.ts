export const left = (): void => {};
