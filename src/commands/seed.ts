import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { SeedCatalogue } from '../application/products/seed-catalogue.js';
import { createContainer } from '../config/container.js';
import { readSettings } from '../config/settings.js';
import { commandLogger } from './command-logger.js';
import { CommandError, runCommand } from './run-command.js';

/** `npm run seed -- --products N` adds made-up products to the configured database. */
await runCommand(async () => {
  const { values } = parseArgs({ options: { products: { type: 'string' } } });
  const count = Number(values.products);
  if (!Number.isInteger(count) || count < 1 || count > 10_000_000) {
    throw new CommandError('--products N: a whole number from 1 to 10,000,000');
  }
  const settings = readSettings(process.env);
  await using resources = new AsyncDisposableStack();
  const container = await createContainer(settings, commandLogger(), resources);
  const bar = new SingleBar({ format: '{bar} {value}/{total} products, {eta_formatted} left' });
  if (process.stderr.isTTY) bar.start(count, 0);
  await container.get(SeedCatalogue).many(count, (added) => bar.update(added));
  bar.stop();
  console.log(`added ${count} products`);
});
