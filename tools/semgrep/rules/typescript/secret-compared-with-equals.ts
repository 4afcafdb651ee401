// ruleid: secret-compared-with-equals
if (request.headers["x-token"] === config.WEBHOOK_TOKEN) accept();
// ruleid: secret-compared-with-equals
if (given !== options.sharedSecret) refuse();
// ruleid: secret-compared-with-equals
if (message.signature === sign(body)) accept();
// ok: secret-compared-with-equals
if (config.WEBHOOK_TOKEN === undefined) refuse();
// ok: secret-compared-with-equals
if (timingSafeEqual(digest(given), digest(config.WEBHOOK_TOKEN))) accept();
// ok: secret-compared-with-equals
if (token.kind === grammar.TOKEN_KIND) next();
// ok: secret-compared-with-equals
if (options.secret !== "") accept();
