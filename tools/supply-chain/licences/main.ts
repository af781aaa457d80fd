/** The command `npm run licences`; also a part of `npm run check`. */
import type { CommandUsage } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { projectRoot } from '../../project-root.js';
import { LockedPackages } from '../locked-packages.js';
import { licenceProblems } from './licence-problems.js';
import { LICENCE_RULES } from './licence-rules.js';

const USAGE = {
  command: 'npm run licences',
  synopsis: '',
  does: `Compares the licence of every package in package-lock.json with the allowed ones, which are
in tools/supply-chain/licences/licence-rules.ts. It ends with 1 when one is unknown or not allowed.`,
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, () => {
  const packages = new LockedPackages(projectRoot);
  const problems = licenceProblems(packages, LICENCE_RULES);
  for (const problem of problems) console.error(problem);
  const inProduction = packages.all.filter(({ isForProduction }) => isForProduction).length;
  console.log(
    `licences: ${packages.all.length} packages, ${inProduction} in production, ${problems.length} problems`,
  );
  if (packages.all.length === 0 || problems.length > 0) process.exitCode = 1;
});
