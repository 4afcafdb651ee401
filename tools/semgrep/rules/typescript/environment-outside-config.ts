import { env } from "node:process";

// ruleid: environment-outside-config
const url = process.env.NATS_URL ?? "nats://127.0.0.1:4222";
// ruleid: environment-outside-config
const { PORT } = process.env;
// ruleid: environment-outside-config
const level = env.LOG_LEVEL;
// ok: environment-outside-config
const host = config.HOST;
// ok: environment-outside-config
const pid = process.pid;
// ok: environment-outside-config
const variables = container.env;
