/** The command `npm run experiment`. */
import { type CommandUsage, UsageError } from '../../../src/commands/command-line.js';
import { runCommand } from '../../../src/commands/run-command.js';
import { experiments } from '../../../src/experiments/experiments.js';
import { render } from '../../../src/experiments/render.js';
import { startExperimentServers } from './experiment-servers.js';

const known = experiments.map(({ id }) => id);
const width = Math.max(...known.map(({ length }) => length));

const USAGE = {
  command: 'npm run experiment',
  synopsis: '[NAME...]',
  does: `Shows on a real database and a real Redis what each order of steps, each way of waiting and each
cache does. Runs all of these, or those named:
${experiments.map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`).join('\n')}
It starts the servers that they need and stops them at the end. DATABASE_URL, REDIS_URL and
KAFKA_BROKERS name servers to use instead. docs/learn/experiments.md explains the results.`,
  takesWords: true,
  options: {},
  examples: ['', 'no-lock right-order'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ words }) => {
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length > 0) {
    throw new UsageError(`${unknown.join(', ')}: there are ${known.join(', ')}`);
  }
  await run(words);
});

async function run(names: readonly string[]): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const chosen = experiments.filter(({ id }) => names.length === 0 || names.includes(id));
  const { servers, missing } = await startExperimentServers(chosen, opened);
  for (const { id, title, question, needs, run } of chosen) {
    const lack = missing.find(({ need }) => need === needs);
    if (lack && names.length > 0) throw new Error(lack.reason);
    if (lack) {
      console.log(`${id}: left out, since ${lack.reason}`);
      continue;
    }
    console.log(`${id}: ${title}\n${question}\n`);
    for (const report of await run(servers)) console.log(`${render(report)}\n`);
  }
}
