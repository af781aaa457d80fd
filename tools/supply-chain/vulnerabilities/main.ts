/** The command `npm run vulnerabilities`. */
import path from 'node:path';
import type { CommandUsage } from '../../../src/commands/command-line.js';
import { CommandError, runCommand } from '../../../src/commands/run-command.js';
import { projectRoot } from '../../project-root.js';
import { LockedPackages } from '../locked-packages.js';
import { scanLibraries } from './library-scan.js';
import { auditByRegistry } from './registry-audit.js';
import { NONE_KNOWN, NOT_CHECKED, SOME_KNOWN, verdict } from './verdict.js';

const USAGE = {
  command: 'npm run vulnerabilities',
  synopsis: '[--database FILE]',
  does: `Looks for known vulnerabilities: npm's registry compares all packages of package-lock.json with its
advisories, and retire.js looks into the JavaScript files that are installed for production.
It ends with ${NONE_KNOWN} when nothing is known, with ${SOME_KNOWN} when something is, and with ${NOT_CHECKED} when the registry answers
no audits.`,
  options: {
    database: {
      type: 'string',
      value: 'FILE',
      says: 'a newer database of retire.js, a file or a URL, in place of the one of its package',
    },
  },
  examples: ['', '--database jsrepository-v4.json'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values: { database } }) => {
  const audit = await auditByRegistry(projectRoot);
  const ignored = new LockedPackages(projectRoot).all
    .filter(({ isForProduction }) => !isForProduction)
    .map(({ location }) => path.join(projectRoot, location) + path.sep);
  const page = path.join(projectRoot, 'src', 'adapters', 'http', 'lab', 'page');
  const scans = [
    await scanLibraries(path.join(projectRoot, 'node_modules'), { database, ignored }),
    await scanLibraries(page, { database }),
  ];
  if (scans.every(({ recognised }) => recognised === 0)) {
    throw new CommandError('retire.js recognised no library');
  }
  const { findings, summary, exitCode } = verdict(audit, scans);
  for (const line of findings) console.error(line);
  for (const line of summary) console.log(line);
  process.exitCode = exitCode;
});
