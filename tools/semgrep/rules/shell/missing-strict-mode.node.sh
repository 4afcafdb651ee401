# ok: missing-strict-mode
#!/usr/bin/env node
process.exit(0);
