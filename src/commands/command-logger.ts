import { type Logger, pino } from 'pino';
import { createLogger } from '../config/logger.js';

/** What goes wrong beside a command; on stderr, since stdout is for its answer. */
export function commandLogger(): Logger {
  return createLogger({ level: 'warn' }, pino.destination(2));
}
