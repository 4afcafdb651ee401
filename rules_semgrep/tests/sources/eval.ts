const text = "é€😀"; eval(text);
	if (text) eval(
		text,
	);
console.log(text);
