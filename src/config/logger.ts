import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { withoutCredentials } from './without-credentials.js';

/** A logger whose errors hold no user or password of an address, whoever made their text. */
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
