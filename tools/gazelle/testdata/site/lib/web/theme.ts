export const theme = "light";
