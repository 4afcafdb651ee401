export const point = 1;
