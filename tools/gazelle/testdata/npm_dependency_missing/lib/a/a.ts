import left from "left-pad";
