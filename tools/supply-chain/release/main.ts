/** The command `npm run release`. The launcher builds before it runs this. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandUsage } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { projectRoot } from '../../project-root.js';
import { packRelease } from './packed-release.js';

const USAGE = {
  command: 'npm run release',
  synopsis: '',
  does: `Packs the built service of this version for test/system/upgrade, with its SBOM, in place of the version before. From
then on the tests upgrade from this version to the next one. docs/operations/upgrading.md lists the other steps of a release.`,
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

await runCommand(USAGE, async () => {
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8'));
  for (const file of await packRelease(version)) console.log(`wrote ${file}`);
});
