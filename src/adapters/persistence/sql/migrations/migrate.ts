import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { type MigrationParams, Umzug, type UmzugStorage } from 'umzug';
import { orderTables } from './0001-orders.js';
import { installation } from './0002-installation.js';
import { likeTable } from './0003-likes.js';
import { salesTables } from './0004-sales.js';
import { reservationTables } from './0005-reservations.js';
import { orderRequestTables } from './0006-order-requests.js';
import { eventTables } from './0007-events.js';
import { cardPaymentTable } from './0008-card-payments.js';
import { retentionIndexes } from './0009-retention.js';
import { quotaSlots } from './0010-quotas.js';
import { installationSecret } from './0011-installation-secret.js';
import type { Migration } from './migration.js';

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
  quotaSlots,
  installationSecret,
];

/** Longest wait for another instance that is migrating, in seconds. */
const PATIENCE_S = 60;

/**
 * Brings the schema up to date and answers the names of the steps that were missing.
 *
 * Several instances may start at once: one migrates, the others wait for it. SQLite's steps are
 * one transaction; MySQL commits each statement, so a step that died half way needs a human.
 */
export async function migrate(sequelize: Sequelize): Promise<string[]> {
  // On MySQL the transaction only pins one connection, which is what GET_LOCK belongs to.
  return sequelize.transaction(async (transaction) => {
    const alone = sequelize.getDialect() === 'mysql' ? mysqlLock : unlocked;
    return alone(sequelize, transaction, async () => {
      const done = await umzug(sequelize, transaction).up();
      return done.map((step) => step.name);
    });
  });
}

function umzug(sequelize: Sequelize, transaction: Transaction): Umzug<object> {
  const run = (sql: string) => sequelize.query(sql, { transaction });
  return new Umzug({
    migrations: MIGRATIONS.map(({ name, statements }) => ({
      name,
      up: async () => {
        for (const statement of statements) await run(dialectOf(sequelize, statement));
      },
    })),
    storage: new MigrationLog(sequelize, transaction),
    context: {},
    logger: undefined,
  });
}

/**
 * Text compares byte by byte everywhere, as SQLite does by itself, whose way to number rows has
 * words of its own.
 */
function dialectOf(sequelize: Sequelize, statement: string): string {
  if (sequelize.getDialect() === 'sqlite') {
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
    const rows = await this.sequelize.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY name',
      { transaction, type: QueryTypes.SELECT },
    );
    return rows.map((row) => row.name);
  }

  async logMigration({ name }: MigrationParams<unknown>): Promise<void> {
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
  // Asked again and again, since one long silence would pass for a server that hangs.
  for (let second = 0; !(await takeLock(sequelize, transaction)); second++) {
    if (second >= PATIENCE_S) throw new Error(`another instance migrates for over ${PATIENCE_S} s`);
  }
  try {
    return await work();
  } finally {
    await sequelize.query("DO RELEASE_LOCK(CONCAT(DATABASE(), '.migrations'))", { transaction });
  }
}

/** Waits a second at most. */
async function takeLock(sequelize: Sequelize, transaction: Transaction): Promise<boolean> {
  const [row] = await sequelize.query<{ taken: number | null }>(
    "SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 1) AS taken",
    { transaction, type: QueryTypes.SELECT },
  );
  return row?.taken === 1;
}

/** SQLite's transaction is the lock: it began by reserving the file for this writer. */
function unlocked<T>(_: Sequelize, __: Transaction, work: () => Promise<T>): Promise<T> {
  return work();
}
