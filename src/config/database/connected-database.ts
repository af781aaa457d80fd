import type { Sequelize } from 'sequelize';
import type { SqlDatabase } from '../../adapters/persistence/sql/connections/sql-database.js';
import type { SqlTransactions } from '../../adapters/persistence/sql/sql-transactions.js';
import type { SqliteTransactions } from '../../adapters/persistence/sql/sqlite/sqlite-transactions.js';

/** The database that the settings name. */
export interface ConnectedDatabase {
  readonly database: SqlDatabase;
  readonly transactions: SqlTransactions | SqliteTransactions;
  /**
   * Does the first work on the database, and waits for a server that is not ready yet.
   *
   * @throws SettingsError the database refuses these settings
   * @throws DependencyUnavailableError the server is down for longer than STARTUP_WAIT_MS
   */
  whenReady<T>(work: (sequelize: Sequelize) => Promise<T>): Promise<T>;
}
