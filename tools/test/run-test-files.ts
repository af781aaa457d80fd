/**
 * `npm run test:one -- FILE… [mocha's options]`: some test files, with the servers they use and no
 * others. A file is named by its path, or by the end of it, as in `wallet.test.ts`.
 */
import { globSync } from 'node:fs';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { runMocha } from './run-mocha.js';
import { TEST_FILES } from './test-groups.js';
import { importsOf } from './test-imports.js';
import { serversFor, startTestServers } from './test-servers.js';

/** No test file, or more than one, is meant; the message says which there are. */
class UnknownTestError extends Error {}

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const names = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);
try {
  if (names.length === 0) throw new UnknownTestError('name a test file: npm run test:one -- FILE');
  const files = names.flatMap(builtFiles);
  const imports = new Set(files.flatMap((file) => [...importsOf(file)]));
  await using _servers = await startTestServers(serversFor(imports));
  const { hasEndedWell } = await runMocha([...files, ...options]);
  process.exitCode = hasEndedWell ? 0 : 1;
} catch (error) {
  if (!(error instanceof UnknownTestError || error instanceof ServerUnavailableError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function builtFiles(name: string): readonly string[] {
  const wanted = name.replace(/^\.\//, '').replace(/\.ts$/, '.js');
  const isMeant = (file: string) => `/${file}`.endsWith(`/${wanted}`);
  const files = globSync(TEST_FILES, { cwd: projectRoot }).filter(isMeant);
  if (files.length === 1) return files;
  if (files.length === 0) throw new UnknownTestError(`there is no test file ${name}`);
  throw new UnknownTestError(`${name} may be ${files.join(' or ')}`);
}
