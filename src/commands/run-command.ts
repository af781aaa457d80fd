import { describeFailure } from './describe-failure.js';

/** The command was called in a way it does not understand. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a command; when it fails, it says why in one line and exits with 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(isMisuse(error) ? error.message.split('\n', 1)[0] : describeFailure(error));
    process.exitCode = 1;
  }
}

/** Node explains a misused option over several lines; the first says it all. */
function isMisuse(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
}
