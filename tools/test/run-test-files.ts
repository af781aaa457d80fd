/** The command `npm run test:one`: some test files, with the servers that they use. */
import { globSync } from 'node:fs';
import { type CommandUsage, UsageError } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { projectRoot } from '../project-root.js';
import { MOCHA_OPTIONS, MOCHA_SYNOPSIS, mochaOptions } from './mocha-options.js';
import { runMocha } from './run-mocha.js';
import { TEST_FILES } from './test-groups.js';
import { importsOf } from './test-imports.js';
import { serversFor, startTestServers } from './test-servers.js';

const USAGE = {
  command: 'npm run test:one',
  synopsis: `FILE... ${MOCHA_SYNOPSIS}`,
  does: `Runs some test files and starts only the servers that they use. A file is named by its path or by the
end of its path.`,
  takesWords: true,
  options: MOCHA_OPTIONS,
  examples: ['wallet.test.ts', "test/adapters/lock/redis/redis-lock.test.ts --grep 'in order'"],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ words, values }) => {
  if (words.length === 0) throw new UsageError('name a test file');
  const files = words.flatMap(builtFiles);
  const imports = new Set(files.flatMap((file) => [...importsOf(file)]));
  await using _servers = await startTestServers(serversFor(imports));
  const { hasEndedWell } = await runMocha([...files, ...mochaOptions(values)]);
  process.exitCode = hasEndedWell ? 0 : 1;
});

function builtFiles(name: string): readonly string[] {
  const wanted = name.replace(/^\.\//, '').replace(/\.ts$/, '.js');
  const isMeant = (file: string) => `/${file}`.endsWith(`/${wanted}`);
  const files = globSync(TEST_FILES, { cwd: projectRoot }).filter(isMeant);
  if (files.length === 1) return files;
  if (files.length === 0) throw new UsageError(`there is no test file ${name}`);
  throw new UsageError(`${name} may be ${files.join(' or ')}`);
}
