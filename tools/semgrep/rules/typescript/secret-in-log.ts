// ruleid: secret-in-log
logger.info({ key: config.S3_SECRET_ACCESS_KEY }, "store opened");
// ruleid: secret-in-log
logger.warn(`login with ${user.password} failed`);
// ruleid: secret-in-log
request.log.error({ err }, "refused: " + accessToken);
// ruleid: secret-in-log
logger.debug({ config }, "starting");
// ruleid: secret-in-log
console.log(process.env);
// ok: secret-in-log
logger.info({ bucket: config.S3_BUCKET, keyId: key.id }, "store opened");
// ok: secret-in-log
logger.info({ tokens: usage.total_tokens }, "the token is missing");
// ok: secret-in-log
logger.info({ url: withoutCredentials(config.NATS_URL) }, "connected");
// ok: secret-in-log
vault.read(user.password);
// ok: secret-in-log
catalog.info(user.password);
