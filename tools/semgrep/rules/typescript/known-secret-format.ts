// ruleid: known-secret-format
const accessKeyId = "AKIA0000000000000000";
// ruleid: known-secret-format
const headers = { authorization: "Bearer ghp_000000000000000000000000000000000000" };
// ruleid: known-secret-format
const key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
// ruleid: known-secret-format
const pem = `-----BEGIN EC PRIVATE KEY-----
MIIE
-----END EC PRIVATE KEY-----`;
// ok: known-secret-format
const shortened = "AKIA0000";
// ok: known-secret-format
const certificate = "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----";
// ok: known-secret-format
const digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
// ok: known-secret-format
const named = "ghp_ is how a forge's tokens begin";
