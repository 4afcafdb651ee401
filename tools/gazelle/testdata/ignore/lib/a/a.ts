import "nowhere-to-be-found";

export const a = 1;
