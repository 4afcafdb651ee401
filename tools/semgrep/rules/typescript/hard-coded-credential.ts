// ruleid: hard-coded-credential
const password = "hunter2-hunter2";
const client = {
  // ruleid: hard-coded-credential
  secretAccessKey: "minio-admin",
  region: "eu-central-1",
};
// ruleid: hard-coded-credential
options.apiKey = "0123456789abcdef";
const store = {
  // ok: hard-coded-credential
  secretAccessKey: config.S3_SECRET_ACCESS_KEY,
};
// ok: hard-coded-credential
const tokenPattern = "^[a-z0-9-]{1,64}$";
// ok: hard-coded-credential
const censored = { password: "[hidden]" };
// ok: hard-coded-credential
const passwordFile = "S3_SECRET_ACCESS_KEY_FILE";
// ok: hard-coded-credential
const keyboard = "0123456789abcdef";
// ok: hard-coded-credential
const token = "";
