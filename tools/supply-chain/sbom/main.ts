/** The command `npm run sbom`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandUsage } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { projectRoot } from '../../project-root.js';
import { makeSbom } from './make-sbom.js';

const USAGE = {
  command: 'npm run sbom',
  synopsis: '[--output FILE]',
  does: `Writes the packages that the service runs with as CycloneDX JSON: names, versions, licences, hashes, and
what depends on what. The same package-lock.json gives the same file.`,
  options: {
    output: {
      type: 'string',
      value: 'FILE',
      default: 'data/lockstep.cdx.json',
      says: 'where to write it; an existing file is replaced',
    },
  },
  examples: ['', '--output sbom.json'],
} as const satisfies CommandUsage;

await runCommand(USAGE, ({ values }) => {
  const file = path.resolve(projectRoot, values.output);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, makeSbom(projectRoot));
  console.log(`wrote ${file}`);
});
