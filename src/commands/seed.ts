import 'reflect-metadata';
import { SingleBar } from 'cli-progress';
import { SeedCatalogue } from '../application/catalogue/seed-catalogue.js';
import { readSettings } from '../config/settings/settings.js';
import { type CommandUsage, UsageError } from './command-line.js';
import { commandLogger } from './command-logger.js';
import { runCommand } from './run-command.js';

const USAGE = {
  command: 'npm run seed',
  synopsis: '--products N',
  does: `Adds invented products to the database that DATABASE_URL names, or to the SQLite file in
DATA_DIR. Each run adds more products.`,
  options: {
    products: { type: 'string', value: 'N', says: 'how many to add, up to 10,000,000' },
  },
  examples: ['--products 1000'],
} as const satisfies CommandUsage;

await runCommand(USAGE, async ({ values }) => {
  const count = Number(values.products);
  if (!Number.isInteger(count) || count < 1 || count > 10_000_000) {
    throw new UsageError('--products N: a whole number from 1 to 10,000,000');
  }
  // Loaded here, so that --help answers at once.
  const { createContainer } = await import('../config/container.js');
  const settings = readSettings(process.env);
  await using resources = new AsyncDisposableStack();
  const container = await createContainer(settings, commandLogger(), resources);
  const bar = new SingleBar({ format: '{bar} {value}/{total} products, {eta_formatted} left' });
  if (process.stderr.isTTY) bar.start(count, 0);
  await container.get(SeedCatalogue).many(count, (added) => bar.update(added));
  bar.stop();
  console.log(`added ${count} products`);
});
