import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { SeedCatalogue } from './application/catalogue/seed-catalogue.js';
import type { CommandUsage } from './commands/command-line.js';
import { describeFailure } from './commands/describe-failure.js';
import { onStopSignal } from './commands/on-stop-signal.js';
import { runCommand } from './commands/run-command.js';
import { type Service, startService } from './config/service.js';
import { readSettings, type Settings } from './config/settings/settings.js';
import { signToken } from './config/settings/tokens/sign-token.js';
import { DomainError } from './domain/errors.js';
import { DependencyUnavailableError, ResourceBusyError } from './domain/ports/failures.js';

const USAGE = {
  command: 'npm start',
  synopsis: '',
  does: `Runs one instance of the service on http://127.0.0.1:3000. Without settings it keeps its data in
SQLite, in the folder data/, and needs no server. Settings are environment variables:
  PORT, HOST      where it listens
  DATA_DIR        where SQLite and the signing secret are kept
  DATABASE_URL    mysql://user:password@host:3306/name, in place of SQLite
  REDIS_URL       redis://host:6379, for a lock and a cache that instances share
  KAFKA_BROKERS   host:9092, for orders through a queue
  LAB             off: no page at /lab that runs experiments
docs/operations/settings.md lists them all.`,
  options: {},
  examples: [''],
} as const satisfies CommandUsage;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const service = await startService(settings);
  stopOnSignal(service);
  if (settings.SEED_DEMO) await seed(service);
  await greet(settings, service);
}

/** SIGTERM and SIGINT stop the instance gracefully. */
function stopOnSignal(service: Service): void {
  const stop = async (signal: NodeJS.Signals) => {
    console.log(`${signal}: finishing what is under way`);
    await service.stop();
    process.exit(0);
  };
  onStopSignal(['SIGTERM', 'SIGINT'], (signal) => void stop(signal).catch(fail));
}

/** Pause between two tries to add the demo catalogue, in milliseconds. */
const RETRY_MS = 1_000;

/** Adds the demo catalogue now, or later when a server that it needs is down. */
async function seed(service: Service): Promise<void> {
  const missing = await missingForSeed(service);
  if (!missing) return;
  console.log(`the demo catalogue is added later: ${describeFailure(missing)}`);
  const later = async () => {
    do await pause(RETRY_MS, undefined, { ref: false });
    while (await missingForSeed(service));
  };
  later().catch((error) => console.error(`no demo catalogue: ${describeFailure(error)}`));
}

/** Returns the failure; undefined: the catalogue exists. */
async function missingForSeed({ container }: Service): Promise<Error | undefined> {
  try {
    const added = await container.get(SeedCatalogue).demo();
    if (added > 0) console.log(`added ${added} demo products to the empty catalogue`);
    return undefined;
  } catch (error) {
    // Another instance is filling the same database.
    if (error instanceof DomainError && error.code === 'sku_taken') return undefined;
    if (error instanceof DependencyUnavailableError || error instanceof ResourceBusyError) {
      return error;
    }
    throw error;
  }
}

async function greet(settings: Settings, { url, labLink }: Service): Promise<void> {
  console.log(`Lockstep listens on ${url}`);
  console.log(`  try it     ${url}/docs`);
  console.log(`  contract   ${url}/openapi.json`);
  console.log(`  products   ${url}/v1/products`);
  // The link is valid once, for ten minutes, on this machine.
  if (labLink) console.log(`  lab        ${labLink}`);
  if (settings.NODE_ENV === 'production' || settings.JWT_JWKS_URL) return;
  // Output that is not a terminal may be stored, and other users may read it.
  if (!process.stdout.isTTY) {
    console.log('  tokens     npm run token -- --user alice [--role admin]');
    return;
  }
  console.log(
    `  customer   Authorization: Bearer ${await signToken(settings, 'alice', 'customer')}`,
  );
  console.log(`  admin      Authorization: Bearer ${await signToken(settings, 'admin', 'admin')}`);
}

function fail(error: unknown): void {
  console.error(`lockstep: ${describeFailure(error)}`);
  process.exit(1);
}

await runCommand(USAGE, () => main().catch(fail));
