import { type Logger, pino } from 'pino';

/** What goes wrong beside a command; on stderr, since stdout is for its answer. */
export function commandLogger(): Logger {
  return pino({ level: 'warn' }, pino.destination(2));
}
