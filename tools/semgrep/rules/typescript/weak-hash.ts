// ruleid: weak-hash
createHash("md5").update(bytes).digest("hex");
// ruleid: weak-hash
crypto.createHash("SHA1");
// ruleid: weak-hash
await crypto.subtle.digest("SHA-1", bytes);
// ruleid: weak-hash
createHmac("sha1", key);
// ok: weak-hash
createHash("sha256").update(bytes).digest("hex");
// ok: weak-hash
createHash(algorithm);
// ok: weak-hash
await crypto.subtle.digest("SHA-256", bytes);
// ok: weak-hash
labels.add("md5");
