import 'reflect-metadata';
import { SeedCatalogue } from './application/products/seed-catalogue.js';
import { describeFailure } from './commands/describe-failure.js';
import { type Service, startService } from './config/service.js';
import { readSettings, type Settings } from './config/settings.js';
import { signToken } from './config/sign-token.js';
import { DomainError } from './domain/errors.js';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const service = await startService(settings);
  stopOnSignal(service);
  if (settings.SEED_DEMO) await seed(service);
  await greet(settings, service);
}

/** SIGTERM and SIGINT end the instance in order; a second one ends it at once. */
function stopOnSignal(service: Service): void {
  const stop = async (signal: NodeJS.Signals) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(1));
    console.log(`${signal}: finishing what is under way`);
    await service.stop();
    process.exit(0);
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, (signal) => void stop(signal).catch(fail));
  }
}

async function seed(service: Service): Promise<void> {
  // Another instance may fill the same database at this moment, and then its products are there.
  const added = await service.container
    .get(SeedCatalogue)
    .demo()
    .catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'sku_taken') return 0;
      throw error;
    });
  if (added > 0) console.log(`added ${added} demo products to the empty catalogue`);
}

async function greet(settings: Settings, { url }: Service): Promise<void> {
  console.log(`Lockstep listens on ${url}`);
  console.log(`  try it     ${url}/docs`);
  console.log(`  contract   ${url}/openapi.json`);
  console.log(`  products   ${url}/v1/products`);
  if (settings.NODE_ENV === 'production' || settings.JWT_JWKS_URL) return;
  // What is not a terminal keeps what it is told, and others may read it.
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

main().catch(fail);
