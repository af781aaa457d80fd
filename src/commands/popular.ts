import 'reflect-metadata';
import { RebuildRanking } from '../application/popularity/rebuild-ranking.js';
import { RefreshRanking } from '../application/popularity/refresh-ranking.js';
import { readSettings } from '../config/settings/settings.js';
import { LONG_WINDOWS } from '../domain/popularity/popularity.js';
import { type CommandUsage, UsageError } from './command-line.js';
import { commandLogger } from './command-logger.js';
import { runCommand } from './run-command.js';

const USAGE = {
  command: 'npm run popular',
  synopsis: 'rebuild',
  does: `Counts the popular items from the paid orders in the database that DATABASE_URL names, and
stores the counts in the Redis that REDIS_URL names.`,
  takesWords: true,
  options: {},
  examples: ['rebuild'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ words }) => {
  if (words.length !== 1 || words[0] !== 'rebuild') {
    throw new UsageError('the only subcommand is: rebuild');
  }
  // Loaded here, so that --help answers at once.
  const { createContainer } = await import('../config/container.js');
  await using resources = new AsyncDisposableStack();
  const logger = commandLogger();
  const container = await createContainer(readSettings(process.env), logger, resources);
  const sales = await container.get(RebuildRanking).execute('always');
  // Each instance computes the short windows within seconds.
  for (const window of LONG_WINDOWS) await container.get(RefreshRanking).execute(window);
  console.log(
    sales === undefined
      ? 'computed the rankings; without Redis there is nothing else to build'
      : `rebuilt from ${sales} payments of the last 7 days`,
  );
});
