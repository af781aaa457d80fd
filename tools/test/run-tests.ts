/** The command `npm test`: lint and boundaries, then every test on real servers. */
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { CHECKS } from '../check/checks.js';
import { runChecks } from '../check/run-checks.js';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { MOCHA_OPTIONS, MOCHA_SYNOPSIS, mochaOptions } from './mocha-options.js';
import { runGroups } from './run-groups.js';
import { type MochaRun, runMocha } from './run-mocha.js';
import { TEST_FILES, testGroups } from './test-groups.js';
import { startTestServers } from './test-servers.js';

const USAGE = {
  command: 'npm test',
  synopsis: MOCHA_SYNOPSIS,
  does: `Runs lint, boundaries and every test, on servers that it starts and stops. TEST_DATABASE_URL,
TEST_REDIS_URL and TEST_KAFKA_BROKERS name servers to use instead.`,
  options: MOCHA_OPTIONS,
  examples: ['', "--grep 'lock'"],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  const failedChecks = await runChecks([CHECKS.lint, CHECKS.boundaries, CHECKS.lab]);
  const runs = await runOnServers(mochaOptions(values));
  if (failedChecks.length > 0) console.error(`failed checks: ${failedChecks.join(', ')}`);
  if (runs.some(({ result }) => !result)) {
    console.error('mocha ended without a result; its output is above');
  }
  for (const { result } of runs)
    for (const failure of result?.failures ?? []) console.error(`failed: ${failure}`);
  const passed = sum(runs, ({ result }) => result?.passed ?? 0);
  console.log(`${passed} passed, ${sum(runs, ({ result }) => result?.failed ?? 0)} failed`);
  const haveEndedWell = runs.every(({ hasEndedWell }) => hasEndedWell);
  process.exitCode = haveEndedWell && passed > 0 && failedChecks.length === 0 ? 0 : 1;
});

async function runOnServers(options: readonly string[]): Promise<readonly MochaRun[]> {
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

function sum(runs: readonly MochaRun[], count: (run: MochaRun) => number): number {
  return runs.reduce((total, run) => total + count(run), 0);
}
