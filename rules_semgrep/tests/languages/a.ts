findMe(1 as number);
