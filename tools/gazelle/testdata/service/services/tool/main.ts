import "#lib/shared/main.ts";
