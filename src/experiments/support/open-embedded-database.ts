import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SqlDatabase } from '../../adapters/persistence/sql/connections/sql-database.js';
import { openSqlite } from '../../adapters/persistence/sql/sqlite/sqlite-database.js';

/** Longest wait for another writer, in milliseconds; writers wait in queues of their own before. */
const BUSY_MS = 30_000;

/** A new SQLite file in its own folder under `parent`; `resources` close and remove it. */
export async function openEmbeddedDatabase(
  parent: string,
  resources: AsyncDisposableStack,
): Promise<SqlDatabase> {
  const folder = mkdtempSync(path.join(parent, 'run-'));
  resources.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'run.sqlite');
  // Waits of a run for the disk would delay the commits of the service on the same disk.
  const database = await openSqlite({ file, busyMs: BUSY_MS, isTemporary: true });
  resources.defer(() => database.close());
  return database;
}
