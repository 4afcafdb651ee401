export const two = 1 + 1;
