import { randomUUID } from 'node:crypto';
import type { Sequelize, Transaction } from 'sequelize';
import type { Umzug } from 'umzug';
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
import { withMysqlLock } from './running/migration-lock.js';
import { MigrationLog } from './running/migration-log.js';

/** All steps, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
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

/**
 * Brings the schema up to date and returns the names of the steps that were missing.
 *
 * Several instances may start at once: one migrates, and the others wait for it. On SQLite all
 * steps are one transaction. MySQL commits each statement, so a step may stop half way. It runs
 * again if it can be repeated; otherwise a person must repair it.
 */
export async function migrate(sequelize: Sequelize): Promise<string[]> {
  // Nearly every instance starts with such a schema, and needs neither the lock nor the library.
  if ((await schemaStatus(sequelize)).missing.length === 0) return [];
  return sequelize.transaction(async (transaction) => {
    const up = async () => {
      const steps = await umzug(sequelize, transaction);
      const done = await steps.up();
      return done.map((step) => step.name);
    };
    // On SQLite the transaction is the lock, because its begin reserves the file for this writer. On MySQL it
    // only keeps one connection, because GET_LOCK belongs to a connection.
    return sequelize.getDialect() === 'mysql' ? withMysqlLock(sequelize, transaction, up) : up();
  });
}

/** Names of migrations, oldest first. */
export interface SchemaStatus {
  readonly done: readonly string[];
  /** This version needs them, and the database does not have them. */
  readonly missing: readonly string[];
  /** A newer version made them; this version works without knowing them. */
  readonly newer: readonly string[];
}

/** Compares the database with this version, and changes nothing. */
export async function schemaStatus(sequelize: Sequelize): Promise<SchemaStatus> {
  const isNew = !(await sequelize.getQueryInterface().tableExists('migrations'));
  return compare(isNew ? [] : await new MigrationLog(sequelize, null).names());
}

function compare(done: readonly string[]): SchemaStatus {
  const known = MIGRATIONS.map(({ name }) => name);
  return {
    done,
    missing: known.filter((name) => !done.includes(name)),
    newer: done.filter((name) => !known.includes(name)),
  };
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
  const { missing } = compare(await log.names());
  if (missing.length > 0) throw new Error(`the database lacks ${missing.join(', ')}`);
  await log.logMigration({ name: `a check by ${randomUUID()}` });
}

async function umzug(sequelize: Sequelize, transaction: Transaction): Promise<Umzug<object>> {
  const { Umzug } = await import('umzug');
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
