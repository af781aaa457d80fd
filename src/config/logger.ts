import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import type { Settings } from './settings/settings.js';

/** Longest time that a log line waits for further lines, in milliseconds. */
const FLUSH_MS = 100;
const FLUSH_BYTES = 4_096;

/** Level of a warning; such a line is written at once, with all lines before it. */
const WARN = 40;

let output: ReturnType<typeof pino.destination> | undefined;

export type LogFormat = 'json' | 'pretty';

/** For people on a terminal, for programs everywhere else and in production, unless it is set. */
export function logFormatOf(
  { LOG_FORMAT, NODE_ENV }: Pick<Settings, 'LOG_FORMAT' | 'NODE_ENV'>,
  isTerminal: boolean,
): LogFormat {
  if (LOG_FORMAT) return LOG_FORMAT;
  return isTerminal && NODE_ENV !== 'production' ? 'pretty' : 'json';
}

/**
 * A logger on standard output that writes several lines at once, because one write for each line
 * costs more than the rest of a cached read. When the process is killed, the last lines are lost.
 */
export async function createServiceLogger(
  options: LoggerOptions,
  format: LogFormat = 'json',
): Promise<Logger> {
  const stdout = bufferedStdout();
  const hooks: LoggerOptions['hooks'] = {
    logMethod(args, method, level) {
      method.apply(this, args);
      // Not flushSync, which would also wait for the disk.
      if (level >= WARN) stdout.flush();
    },
  };
  const output = format === 'pretty' ? await prettyLines(stdout) : stdout;
  return createLogger({ ...options, hooks }, output);
}

/** One line for each entry, in colours on a terminal. Only an instance that uses it loads the package. */
async function prettyLines(stdout: DestinationStream): Promise<DestinationStream> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'instance',
    singleLine: true,
  });
  return { write: (line) => stdout.write(pretty(line)) };
}

/** All services of one process share it. */
function bufferedStdout() {
  if (output) return output;
  const stdout = pino.destination({
    dest: 1,
    sync: true,
    minLength: FLUSH_BYTES,
    periodicFlush: FLUSH_MS,
  });
  process.once('exit', () => stdout.flushSync());
  output = stdout;
  return stdout;
}

/** A logger that removes users and passwords of addresses from all texts of errors. */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const serializers = { err: redacted };
  return destination
    ? pino({ ...options, serializers }, destination)
    : pino({ ...options, serializers });
}

function redacted(error: Error): object {
  const entries = Object.entries(pino.stdSerializers.err(error));
  return Object.fromEntries(entries.map(([name, value]) => [name, withoutSecrets(value)]));
}

/** The name of a lock on what a client sent as its idempotency key. */
const KEY_LOCK = /\bidempotency:\["(?:[^"\\]|\\.)*","(?:[^"\\]|\\.)*"\]/g;

/** Texts, also in lists, such as the keys of a lock that was lost. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'string') return value;
  return withoutCredentials(value).replace(KEY_LOCK, 'idempotency:***');
}

/** Removes users and passwords from the addresses in a text: `redis://***@host`. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/?#"']*@/gi, '$1***@');
}
