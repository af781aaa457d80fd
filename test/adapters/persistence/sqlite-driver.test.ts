import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { QueryTypes, type Transaction } from 'sequelize';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { Statements } from '../../../src/adapters/persistence/sql/connections/statements.js';
import type { TranslatingSequelize } from '../../../src/adapters/persistence/sql/connections/translating-sequelize.js';
import { openSqlite } from '../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { ResourceBusyError } from '../../../src/domain/ports/failures.js';
import { rejection } from '../../support/rejection.js';

const LONG_QUERY = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)
                    SELECT SUM(i) AS total FROM n`;

describe('The SQLite driver', () => {
  let folder: string;
  let file: string;
  let database: SqlDatabase;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lockstep-driver-'));
    file = path.join(folder, 'test.sqlite');
    database = await openSqlite({ file, busyMs: 100 });
    await database.sequelize.query('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
  });

  after(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  it('lets the event loop continue during a long query', async () => {
    let isOver = false;
    const query = database.sequelize.query(LONG_QUERY).then(() => {
      isOver = true;
    });
    let turns = 0;
    while (!isOver && turns < 100) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await query;
    expect(turns).to.equal(100);
  });

  it('reads while a transaction of the same process writes', async () => {
    const transaction = await database.sequelize.transaction();
    await database.sequelize.query("INSERT INTO notes (text) VALUES ('hidden')", { transaction });
    expect(await count(database)).to.equal(0);
    await transaction.rollback();
  });

  it('rolls back what a closed connection left open, before the next one uses it', async () => {
    const transaction = await database.sequelize.transaction();
    await database.sequelize.query("INSERT INTO notes (text) VALUES ('left')", { transaction });
    const manager = database.sequelize.connectionManager as unknown as {
      releaseConnection(connection: unknown): void;
    };
    manager.releaseConnection((transaction as unknown as { connection: unknown }).connection);
    await database.sequelize.transaction(async () => {});
    expect(await count(database)).to.equal(0);
  });

  it('names the result code when another process locks the file for too long', async () => {
    const other = await openSqlite({ file, busyMs: 100 });
    const insert = ({ sequelize }: SqlDatabase, transaction: Transaction) =>
      sequelize.query("INSERT INTO notes (text) VALUES ('locked')", { transaction });
    const writer = await other.sequelize.transaction();
    await insert(other, writer);
    const waiter = await database.sequelize.transaction();
    const error = await rejection(insert(database, waiter));
    await Promise.all([writer.rollback(), waiter.rollback()]);
    await other.close();
    expect(error).to.be.instanceOf(ResourceBusyError);
    expect(await count(database)).to.equal(0);
  });

  it('turns foreign keys on', async () => {
    const rows = await database.sequelize.query('PRAGMA foreign_keys', { type: QueryTypes.SELECT });
    expect(rows).to.deep.equal([{ foreign_keys: 1 }]);
  });

  it('runs a statement that it keeps prepared after the table has changed', async () => {
    const texts = () =>
      Statements.onFreeConnection(database.sequelize as TranslatingSequelize, (statements) =>
        statements.read('SELECT * FROM notes WHERE text = ?', ['kept']),
      );
    await database.sequelize.query("INSERT INTO notes (text) VALUES ('kept')");
    const before = await texts();
    await database.sequelize.query('ALTER TABLE notes ADD COLUMN more INTEGER DEFAULT 7');
    const after = await texts();
    expect(before).to.deep.equal([{ id: 1, text: 'kept' }]);
    expect(after).to.deep.equal([{ id: 1, text: 'kept', more: 7 }]);
  });

  it('binds booleans, absent values, and the greatest number of points', async () => {
    const [row] = await database.sequelize.query(
      'SELECT $1 AS yes, $2 AS absent, $3 AS points, $4 AS text',
      { bind: [true, null, Number.MAX_SAFE_INTEGER, 'ü😀'], type: QueryTypes.SELECT },
    );
    expect(row).to.deep.equal({
      yes: 1,
      absent: null,
      points: Number.MAX_SAFE_INTEGER,
      text: 'ü😀',
    });
  });

  // Node sends its own messages to the threads of a watched process.
  it('does not treat a message of Node as a reply under node --watch', async () => {
    const opening = new URL(
      '../../../src/adapters/persistence/sql/sqlite/sqlite-database.js',
      import.meta.url,
    );
    const program = `
      const { openSqlite } = await import(${JSON.stringify(opening.href)});
      const database = await openSqlite({ file: ${JSON.stringify(path.join(folder, 'watched'))}, busyMs: 100 });
      await database.sequelize.transaction(async (transaction) => {
        await database.sequelize.query('CREATE TABLE t (i INTEGER)', { transaction });
      });
      await database.sequelize.query('SELECT * FROM t');
      await database.close();
      process.exit(0);`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, WATCH_REPORT_DEPENDENCIES: '1' },
    });
    await run;
  });
});

async function count({ sequelize }: SqlDatabase): Promise<number> {
  const rows = await sequelize.query('SELECT * FROM notes', { type: QueryTypes.SELECT });
  return rows.length;
}
