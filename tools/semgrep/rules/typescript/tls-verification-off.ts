// ruleid: tls-verification-off
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
// ruleid: tls-verification-off
process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
// ruleid: tls-verification-off
spawn("node", [main], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
// ruleid: tls-verification-off
const cluster = { name: "lab", server: url, skipTLSVerify: true };
// ok: tls-verification-off
const trusted = new Agent({ ca: certificate, rejectUnauthorized: true });
// ok: tls-verification-off
const defaults = new Agent({ keepAlive: true });
// ok: tls-verification-off
spawn("node", [main], { env: { NODE_EXTRA_CA_CERTS: path } });
// ok: tls-verification-off
const checked = { skipTLSVerify: false };
