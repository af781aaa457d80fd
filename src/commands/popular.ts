import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { RebuildRanking } from '../application/popular/rebuild-ranking.js';
import { RefreshRanking } from '../application/popular/refresh-ranking.js';
import { createContainer } from '../config/container.js';
import { readSettings } from '../config/settings.js';
import { LONG_WINDOWS } from '../domain/popularity.js';
import { commandLogger } from './command-logger.js';
import { CommandError, runCommand } from './run-command.js';

/** `npm run popular -- rebuild` builds popular items anew from the orders in the database. */
await runCommand(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  if (positionals.length !== 1 || positionals[0] !== 'rebuild') {
    throw new CommandError('say what to do: rebuild');
  }
  await using resources = new AsyncDisposableStack();
  const logger = commandLogger();
  const container = await createContainer(readSettings(process.env), logger, resources);
  const sales = await container.get(RebuildRanking).execute('anew');
  // The short windows are computed by each instance, within seconds.
  for (const window of LONG_WINDOWS) await container.get(RefreshRanking).execute(window);
  console.log(
    sales === undefined
      ? 'computed the rankings; without Redis there is nothing else to build'
      : `rebuilt from ${sales} payments of the last 7 days`,
  );
});
