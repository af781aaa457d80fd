/** The command `npm run check`: every check that does not run the code. */
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { CHECKS } from './checks.js';
import { runChecks } from './run-checks.js';

const USAGE = {
  command: 'npm run check',
  synopsis: '',
  does: 'Compares the source with the rules of format, lint, types, boundaries, words, named paths, migrations, licences and dead code.',
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, async () => {
  const failed = await runChecks(Object.values(CHECKS));
  console.log(failed.length === 0 ? 'all checks passed' : `failed checks: ${failed.join(', ')}`);
  if (failed.length > 0) process.exitCode = 1;
});
