/** A failure that one line explains: it is printed without a stack. */
export class LaunchError extends Error {
  name = 'LaunchError';
}

/** Reports on stderr: stdout belongs to the command that is launched. */
export function say(line) {
  process.stderr.write(`lockstep: ${line}\n`);
}

/** Runs `work`; its failure becomes one line and exit code 1. */
export async function orOneLine(work) {
  try {
    await work();
  } catch (error) {
    say(error instanceof LaunchError ? error.message : String(error?.stack ?? error));
    process.exitCode = 1;
  }
}
