findMe(1);
