import { type Logger, pino } from 'pino';
import { createLogger } from '../config/logger.js';

/** Logs warnings to stderr, because stdout is for the output of the command. */
export function commandLogger(): Logger {
  return createLogger({ level: 'warn' }, pino.destination(2));
}
