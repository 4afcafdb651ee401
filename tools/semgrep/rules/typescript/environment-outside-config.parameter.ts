// ok: environment-outside-config
const read = (env: Environment) => env.LOG_LEVEL;
