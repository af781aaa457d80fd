import { SENT_SECRET } from '../../tools/test/log-secrets.js';

const asked = process.env['TEST_LOG_LEVEL'];

/**
 * Level of the instances that tests start. `npm test` logs everything into the output of the tests, and
 * then looks for secrets in it. A single test logs nothing, so that its output can be read.
 */
export const TEST_LOG_LEVEL = asked ?? 'silent';

/** Names a value that this process sends and that no log line may contain. */
export function sendsSecret(value: string | undefined): void {
  if (asked && value) console.log(`${SENT_SECRET}${value}`);
}

/** Passes a log line of another process on. */
export function passLogLine(line: string): void {
  if (asked && line.startsWith('{')) console.log(line);
}
