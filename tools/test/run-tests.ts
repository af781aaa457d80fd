/** `npm test [-- mocha's options]`: lint and boundaries, then every test on real servers. */
import { CHECKS } from '../check/checks.js';
import { runChecks } from '../check/run-checks.js';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { runGroups } from './run-groups.js';
import { type MochaRun, runMocha } from './run-mocha.js';
import { TEST_FILES, testGroups } from './test-groups.js';
import { startTestServers } from './test-servers.js';

const options = process.argv.slice(2);
const failedChecks = await runChecks([CHECKS.lint, CHECKS.boundaries]);
const runs = await runOnServers();
if (failedChecks.length > 0) console.error(`failed checks: ${failedChecks.join(', ')}`);
if (runs.some(({ result }) => !result)) {
  console.error('mocha ended without a result; its output is above');
}
const passed = sum(({ result }) => result?.passed ?? 0);
console.log(`${passed} passed, ${sum(({ result }) => result?.failed ?? 0)} failed`);
const haveEndedWell = runs.every(({ hasEndedWell }) => hasEndedWell);
process.exitCode = haveEndedWell && passed > 0 && failedChecks.length === 0 ? 0 : 1;

async function runOnServers(): Promise<readonly MochaRun[]> {
  try {
    await using _servers = await startTestServers();
    if (options.length > 0) return [await runMocha([TEST_FILES, ...options])];
    return await runGroups(testGroups(projectRoot));
  } catch (error) {
    if (!(error instanceof ServerUnavailableError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function sum(count: (run: MochaRun) => number): number {
  return runs.reduce((total, run) => total + count(run), 0);
}
