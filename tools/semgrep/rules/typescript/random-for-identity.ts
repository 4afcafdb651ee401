// ruleid: random-for-identity
const suffix = Math.random().toString(36).slice(2);
// ruleid: random-for-identity
const requestId = `r-${Math.floor(Math.random() * 1e9)}`;
// ruleid: random-for-identity
const session = { token: Math.random(), since: now };
// ok: random-for-identity
const photoId = randomUUID();
// ok: random-for-identity
const wait = backoffMs(failures, Math.random());
// ok: random-for-identity
const width = Math.random() * 100;
// ok: random-for-identity
const hidden = Math.random() > 0.5;
