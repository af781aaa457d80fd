import {
  type CommandLine,
  type CommandUsage,
  helpOf,
  type OptionsUsage,
  readCommandLine,
  UsageError,
} from './command-line.js';
import { describeFailure } from './describe-failure.js';

/** The command was called correctly, and failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * Runs a command with the words after its name. `--help` prints its usage and ends with 0. A wrong call
 * ends with 2, a failure with 1. Both print one line to stderr.
 */
export async function runCommand<O extends OptionsUsage>(
  usage: CommandUsage<O>,
  command: (line: CommandLine<O>) => void | Promise<void>,
): Promise<void> {
  try {
    const line = readCommandLine(usage, process.argv.slice(2));
    if (line.asksForHelp) console.log(helpOf(usage));
    else await command(line);
  } catch (error) {
    const isMisuse = error instanceof UsageError;
    const reason = isMisuse
      ? `${usage.command}: ${error.message}; --help lists the options`
      : describeFailure(error);
    console.error(reason);
    process.exitCode = isMisuse ? 2 : 1;
  }
}
