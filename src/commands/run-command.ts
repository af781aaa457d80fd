/** The command was called in a way it does not understand. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a command; when it fails, it says why in one line and exits with 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
