import {
  type FinishedRestore,
  separateRestored,
} from '../../adapters/persistence/sql/after-restore.js';
import {
  migrate,
  type SchemaStatus,
  schemaStatus,
} from '../../adapters/persistence/sql/migrations/migrate.js';
import { SettingsError } from '../settings/settings.js';
import type { ConnectedDatabase } from './connected-database.js';

/** Applies what is missing, and returns the names of what it applied. */
export function migrateSchema({ whenReady }: ConnectedDatabase): Promise<readonly string[]> {
  return whenReady(migrate);
}

/** Compares the schema with this version, and changes nothing. */
export function readSchema({ whenReady }: ConnectedDatabase): Promise<SchemaStatus> {
  return whenReady(schemaStatus);
}

/** @throws SettingsError the schema is older than this version */
export async function expectSchema(connected: ConnectedDatabase): Promise<void> {
  const { missing } = await readSchema(connected);
  if (missing.length === 0) return;
  const lacks = `the database lacks ${missing.join(', ')}`;
  throw new SettingsError(`MIGRATE: is off, and ${lacks}; run: npm run migrate`);
}

/** The last step of a restore. The schema must be up to date, and no instance may run. */
export function finishRestore({ database }: ConnectedDatabase): Promise<FinishedRestore> {
  return separateRestored(database);
}
