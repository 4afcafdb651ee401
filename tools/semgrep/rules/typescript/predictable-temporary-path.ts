// ruleid: predictable-temporary-path
const folder = path.join(os.tmpdir(), "homelab");
// ruleid: predictable-temporary-path
writeFileSync("/tmp/state.json", text);
// ruleid: predictable-temporary-path
await mkdir(join(tmpdir(), "cache", name), { recursive: true });
// ok: predictable-temporary-path
const own = await mkdtemp(join(tmpdir(), "homelab-"));
// ok: predictable-temporary-path
writeFileSync(join(own, "state.json"), text);
// ok: predictable-temporary-path
const named = join(tmpdir(), randomUUID());
// ok: predictable-temporary-path
logger.info("/tmp/state.json");
