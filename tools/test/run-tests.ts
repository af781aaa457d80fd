/** The command `npm test`: lint and boundaries, then every test on real servers. */
import type { CommandUsage } from '../../src/commands/command-line.js';
import { runCommand } from '../../src/commands/run-command.js';
import { CHECKS } from '../check/checks.js';
import { runChecks } from '../check/run-checks.js';
import { projectRoot } from '../project-root.js';
import { ServerUnavailableError } from '../servers/server.js';
import { MOCHA_OPTIONS, MOCHA_SYNOPSIS, mochaOptions } from './mocha-options.js';
import { type GroupRun, runGroups } from './run-groups.js';
import { runMocha } from './run-mocha.js';
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
  const options = mochaOptions(values);
  // The checks run while the servers start. The boundaries are checked by a test.
  const [failedChecks, runs] = await Promise.all([
    runChecks([CHECKS.lint, CHECKS.lab]),
    runOnServers(options),
  ]);
  if (failedChecks.length > 0) console.error(`failed checks: ${failedChecks.join(', ')}`);
  if (runs.some(({ result }) => !result)) {
    console.error('mocha ended without a result; its output is above');
  }
  for (const { result } of runs)
    for (const failure of result?.failures ?? []) console.error(`failed: ${failure}`);
  const leaks = runs.flatMap((run) => run.leaks);
  for (const leak of leaks) console.error(`failed: a log line has ${leak}`);
  const logLines = sum(runs, (run) => run.logLines);
  console.log(`${logLines} log lines were searched for secrets, ${leaks.length} kinds found`);
  const passed = sum(runs, ({ result }) => result?.passed ?? 0);
  console.log(`${passed} passed, ${sum(runs, ({ result }) => result?.failed ?? 0)} failed`);
  const haveEndedWell = runs.every(({ hasEndedWell }) => hasEndedWell);
  const isLogClean = leaks.length === 0 && (logLines > 0 || options.length > 0);
  process.exitCode = haveEndedWell && isLogClean && passed > 0 && failedChecks.length === 0 ? 0 : 1;
});

async function runOnServers(options: readonly string[]): Promise<readonly GroupRun[]> {
  try {
    await using _servers = await startTestServers();
    if (options.length > 0) {
      // Its output is for people, so nothing is logged.
      return [{ ...(await runMocha([TEST_FILES, ...options])), leaks: [], logLines: 0 }];
    }
    return await runGroups(testGroups(projectRoot));
  } catch (error) {
    if (!(error instanceof ServerUnavailableError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function sum(runs: readonly GroupRun[], count: (run: GroupRun) => number): number {
  return runs.reduce((total, run) => total + count(run), 0);
}
