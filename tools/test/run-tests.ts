/** `npm test [-- mocha's options]`: lint and boundaries, then every test on real servers. */
import { CHECKS } from '../check/checks.js';
import { runChecks } from '../check/run-checks.js';
import { ServerUnavailableError } from '../servers/server.js';
import { runMocha } from './run-mocha.js';
import { startTestServers } from './test-servers.js';

const failedChecks = await runChecks([CHECKS.lint, CHECKS.boundaries]);
const run = await runOnServers();
if (failedChecks.length > 0) console.error(`failed checks: ${failedChecks.join(', ')}`);
if (run.result) console.log(`${run.result.passed} passed, ${run.result.failed} failed`);
else console.error('mocha ended without a result; its output is above');
const hasRunTests = (run.result?.passed ?? 0) > 0;
process.exitCode = run.hasEndedWell && hasRunTests && failedChecks.length === 0 ? 0 : 1;

async function runOnServers() {
  try {
    await using _servers = await startTestServers();
    return await runMocha(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ServerUnavailableError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
