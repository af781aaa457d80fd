/** The command `npm run build`. The launcher builds before it runs this. */
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';

const USAGE = {
  command: 'npm run build',
  synopsis: '',
  does: 'Installs and compiles what is missing or out of date, into dist/. The other commands do so too.',
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, () => console.log('dist/ is up to date'));
