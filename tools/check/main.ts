/** `npm run check`: everything that can be said about the source without running it. */
import { CHECKS } from './checks.js';
import { runChecks } from './run-checks.js';

const failed = await runChecks(Object.values(CHECKS));
console.log(failed.length === 0 ? 'all checks passed' : `failed checks: ${failed.join(', ')}`);
if (failed.length > 0) process.exitCode = 1;
