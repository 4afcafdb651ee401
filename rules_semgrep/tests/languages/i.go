package a

func b() { findMe(1) }
