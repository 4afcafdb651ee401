import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";

/** A structured logger: one JSON object a line on standard output. */
export type Logger = PinoLogger;

const SECRET_NAMES = ["authorization", "cookie", "password", "secret", "token", "secretAccessKey", "accessKeyId"];

/**
 * Makes the logger of a service. Fields that are named like secrets are written as `[hidden]`,
 * on the first and the second level of the object. Writes synchronously, so that the last line
 * before an exit is never lost.
 */
export function createLogger(
  options: { name: string; level?: string },
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): Logger {
  return pino(
    {
      level: options.level ?? "info",
      base: { service: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.errWithCause },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: "[hidden]" },
    },
    destination,
  );
}

/** A URL without user and password, fit for a log line. Text that is no URL becomes `[not a URL]`. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return "[not a URL]";
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.toString();
}
