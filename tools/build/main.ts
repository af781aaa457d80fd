/** The command `npm run build`. The launcher compiles before it runs this. */
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { buildLab, LAB_PAGE } from './build-lab.js';

const USAGE = {
  command: 'npm run build',
  synopsis: '',
  does: `Installs and compiles what is missing or out of date, into dist/. The other commands do so too.
Builds the page of the lab, which is kept in src/adapters/http/lab/page.`,
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, () => {
  buildLab();
  console.log(`dist/ and ${LAB_PAGE} are up to date`);
});
