import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { type MigrationParams, Umzug, type UmzugStorage } from 'umzug';
import { codeOf } from '../sql-failures.js';
import { orderTables } from './0001-orders.js';
import { installation } from './0002-installation.js';
import { likeTable } from './0003-likes.js';
import { salesTables } from './0004-sales.js';
import { reservationTables } from './0005-reservations.js';
import { orderRequestTables } from './0006-order-requests.js';
import { eventTables } from './0007-events.js';
import { cardPaymentTable } from './0008-card-payments.js';
import { retentionIndexes } from './0009-retention.js';
import { listOrder } from './0010-list-order.js';
import { quotaSlots } from './0011-quotas.js';
import { installationSecret } from './0012-installation-secret.js';
import { largestQuantity } from './0013-largest-quantity.js';
import type { Migration, Statement } from './migration.js';

const MIGRATIONS: readonly Migration[] = [
  orderTables,
  installation,
  likeTable,
  salesTables,
  reservationTables,
  orderRequestTables,
  eventTables,
  cardPaymentTable,
  retentionIndexes,
  listOrder,
  quotaSlots,
  installationSecret,
  largestQuantity,
];

/** Longest wait for another instance that is migrating, in seconds. */
const MIGRATION_TIMEOUT_S = 60;

/**
 * Brings the schema up to date and returns the names of the steps that were missing.
 *
 * Several instances may start at once: one migrates, and the others wait for it. On SQLite all
 * steps are one transaction. MySQL commits each statement, so a step may stop half way. It runs
 * again if it can be repeated; otherwise a person must repair it.
 */
export async function migrate(sequelize: Sequelize): Promise<string[]> {
  // On MySQL the transaction only keeps one connection, because GET_LOCK belongs to a connection.
  return sequelize.transaction(async (transaction) => {
    const alone = sequelize.getDialect() === 'mysql' ? mysqlLock : unlocked;
    return alone(sequelize, transaction, async () => {
      const done = await umzug(sequelize, transaction).up();
      return done.map((step) => step.name);
    });
  });
}

/**
 * Proves that the database takes writes, by a write in a transaction that the caller rolls back.
 * Then the server is not a replica, has free space, and has the schema that this version needs.
 */
export async function assertWritable(
  sequelize: Sequelize,
  transaction: Transaction,
): Promise<void> {
  const log = new MigrationLog(sequelize, transaction);
  const done = new Set(await log.names());
  const missing = MIGRATIONS.filter(({ name }) => !done.has(name));
  if (missing.length > 0) {
    throw new Error(`the database lacks ${missing.map(({ name }) => name).join(', ')}`);
  }
  await log.logMigration({ name: `a check by ${randomUUID()}` });
}

function umzug(sequelize: Sequelize, transaction: Transaction): Umzug<object> {
  const run = (sql: string) => sequelize.query(sql, { transaction });
  return new Umzug({
    migrations: MIGRATIONS.map(({ name, statements, isRepeatable }) => ({
      name,
      up: async () => {
        for (const statement of statements) {
          const sql = dialectOf(sequelize, statement);
          if (sql !== undefined) await (isRepeatable ? unlessDone(run(sql)) : run(sql));
        }
      },
    })),
    storage: new MigrationLog(sequelize, transaction),
    context: {},
    logger: undefined,
  });
}

/**
 * Text is compared byte by byte on every database; SQLite does so by default. SQLite has its own
 * syntax to number rows. One difference remains: MySQL ignores blanks at the end of a text when it
 * compares (PAD SPACE). So a compared text must not end with a blank; ids, skus and categories
 * never do.
 */
function dialectOf(sequelize: Sequelize, statement: Statement): string | undefined {
  const isSqlite = sequelize.getDialect() === 'sqlite';
  if (typeof statement !== 'string') return isSqlite ? statement.sqlite : statement.mysql;
  if (isSqlite) {
    return statement.replace(
      'BIGINT AUTO_INCREMENT PRIMARY KEY',
      'INTEGER PRIMARY KEY AUTOINCREMENT',
    );
  }
  const isTable = statement.trimStart().startsWith('CREATE TABLE');
  return isTable
    ? `${statement} ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`
    : statement;
}

/** The errors of MySQL for something that exists already, or that is removed already. */
const DONE: readonly string[] = [
  'ER_CANT_DROP_FIELD_OR_KEY',
  'ER_DUP_FIELDNAME',
  'ER_DUP_KEYNAME',
  'ER_TABLE_EXISTS_ERROR',
];

async function unlessDone(statement: Promise<unknown>): Promise<void> {
  await statement.catch((error: unknown) => {
    if (!DONE.includes(codeOf(error))) throw error;
  });
}

class MigrationLog implements UmzugStorage {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  async executed(): Promise<string[]> {
    const { transaction } = this;
    await this.sequelize.query(
      'CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(100) NOT NULL PRIMARY KEY)',
      { transaction },
    );
    return this.names();
  }

  async names(): Promise<string[]> {
    const { transaction } = this;
    const rows = await this.sequelize.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY name',
      { transaction, type: QueryTypes.SELECT },
    );
    return rows.map((row) => row.name);
  }

  async logMigration({ name }: Pick<MigrationParams<unknown>, 'name'>): Promise<void> {
    const { transaction } = this;
    await this.sequelize.query('INSERT INTO migrations (name) VALUES (?)', {
      transaction,
      replacements: [name],
    });
  }

  unlogMigration(): Promise<void> {
    return Promise.reject(new Error('migrations only go forward'));
  }
}

async function mysqlLock<T>(
  sequelize: Sequelize,
  transaction: Transaction,
  work: () => Promise<T>,
): Promise<T> {
  // Many short waits, because one long wait would look like a server that hangs.
  for (let second = 0; !(await takeLock(sequelize, transaction)); second++) {
    if (second >= MIGRATION_TIMEOUT_S)
      throw new Error(`another instance has been migrating for over ${MIGRATION_TIMEOUT_S} s`);
  }
  const { stream } = (transaction as unknown as { connection: { stream: Socket } }).connection;
  const { timeout = 0 } = stream;
  // On a large table a statement may take longer than the limit after which a server counts as
  // down.
  stream.setTimeout(0);
  try {
    return await work();
  } finally {
    stream.setTimeout(timeout);
    await sequelize.query("DO RELEASE_LOCK(CONCAT(DATABASE(), '.migrations'))", { transaction });
  }
}

/** Waits at most one second. */
async function takeLock(sequelize: Sequelize, transaction: Transaction): Promise<boolean> {
  const [row] = await sequelize.query<{ taken: number | null }>(
    "SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 1) AS taken",
    { transaction, type: QueryTypes.SELECT },
  );
  return row?.taken === 1;
}

/** On SQLite the transaction is the lock, because its begin reserves the file for this writer. */
function unlocked<T>(_: Sequelize, __: Transaction, work: () => Promise<T>): Promise<T> {
  return work();
}
