import { InProcessLock } from '../../../adapters/lock/in-process-lock.js';
import type { LockStrategy } from '../../../adapters/lock/redis-lock-settings.js';
import { LockPortAdapter } from '../../../adapters/lock-and-cache-adapters/lock-port-adapter.js';
import type { SqlDatabase } from '../../../adapters/persistence/sql/connections/sql-database.js';
import type { LockPort } from '../../../domain/ports/lock-port.js';
import { type Backend, isEmbedded, type Servers } from '../../experiment.js';
import { openDatabase } from '../open-database.js';
import { openEmbeddedDatabase } from '../open-embedded-database.js';
import { openLock, removeKeysAtEnd } from '../open-lock.js';
import { type BeginSnapshot, mysqlSnapshots, sqliteSnapshots } from './snapshot-transactions.js';

/** The database and the lock of a run. */
export interface WalletBackend {
  readonly database: SqlDatabase;
  readonly begin: BeginSnapshot;
  readonly lock: LockPort;
}

export interface WalletBackendSettings {
  /** Prefix of the run's keys in Redis. */
  readonly prefix: string;
  /** Most requests at once. */
  readonly connections: number;
  readonly strategy?: LockStrategy | undefined;
}

/** Opens what a run needs; `opened` closes it and removes what it left. */
export async function openWalletBackend(
  backend: Backend,
  settings: WalletBackendSettings,
  opened: AsyncDisposableStack,
): Promise<WalletBackend> {
  return isEmbedded(backend)
    ? openInThisProcess(backend.folder, settings, opened)
    : openOnServers(backend, settings, opened);
}

async function openOnServers(
  { databaseUrl, redisUrl }: Servers,
  { prefix, connections, strategy }: WalletBackendSettings,
  opened: AsyncDisposableStack,
): Promise<WalletBackend> {
  await removeKeysAtEnd(redisUrl, prefix, opened);
  const database = openDatabase(databaseUrl, connections, opened);
  const { sequelize } = database;
  // Opened before the start, so that no request waits for a connection during a pause.
  await Promise.all(Array.from({ length: connections }, () => sequelize.query('DO 0')));
  const { port: lock } = await openLock(
    redisUrl,
    { prefix, ...(strategy && { strategy }) },
    opened,
  );
  return { database, begin: mysqlSnapshots(sequelize), lock };
}

async function openInThisProcess(
  parent: string,
  { connections }: WalletBackendSettings,
  opened: AsyncDisposableStack,
): Promise<WalletBackend> {
  const database = await openEmbeddedDatabase(parent, opened);
  const begin = sqliteSnapshots(database.sequelize);
  // Each connection is a thread; they start before the run, as above.
  const warm = await Promise.all(Array.from({ length: connections + 1 }, begin));
  await Promise.all(warm.map((transaction) => transaction.commit()));
  return { database, begin, lock: new LockPortAdapter(new InProcessLock()) };
}
