export const mapped = 1;
