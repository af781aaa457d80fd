import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

/** A logger that removes users and passwords of addresses from all texts of errors. */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const serializers = { err: redacted };
  return destination
    ? pino({ ...options, serializers }, destination)
    : pino({ ...options, serializers });
}

function redacted(error: Error): object {
  const entries = Object.entries(pino.stdSerializers.err(error)).map(([name, value]) => {
    return [name, typeof value === 'string' ? withoutCredentials(value) : value];
  });
  return Object.fromEntries(entries);
}

/** Removes users and passwords from the addresses in a text: `redis://***@host`. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"']*@/gi, '$1***@');
}
