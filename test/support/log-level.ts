import { SENT_SECRET } from '../../tools/test/log-secrets.js';

/**
 * Level of the instances that tests start. `npm test` logs everything into the output of the tests, and
 * then looks for secrets in it. A single test logs nothing, so that its output can be read.
 */
export const TEST_LOG_LEVEL = process.env['TEST_LOG_LEVEL'] ?? 'silent';

const isLogged = TEST_LOG_LEVEL !== 'silent';

/** Names a value that this process sends and that no log line may contain. */
export function sendsSecret(value: string | undefined): void {
  if (isLogged && value) console.log(`${SENT_SECRET}${value}`);
}

/** Passes a log line of another process on. */
export function passLogLine(line: string): void {
  if (isLogged && line.startsWith('{')) console.log(line);
}
