import { expect } from 'chai';
import { QueryTypes, type Transaction } from 'sequelize';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { Statements } from '../../../src/adapters/persistence/sql/connections/statements.js';
import { codeOf, isDuplicate } from '../../../src/adapters/persistence/sql/sql-failures.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../../src/domain/ports/failures.js';
import { together } from '../../../src/domain/ports/together.js';
import { rejection } from '../../support/rejection.js';
import { openTestMysql, openTestSqlite } from './databases.js';

const INSERT = 'INSERT INTO marks (id, at) VALUES (?, ?)';
const AT = new Date('2026-01-02T03:04:05.678Z');

/** Values that would end a text in quotes, or that look like a parameter. */
const TROUBLESOME = [
  "O'Hara",
  'a\\',
  "\\'; DELETE FROM marks; -- ",
  '"; ROLLBACK; ',
  '`; x',
  '?',
  ':x $1 ?',
  '%_',
  '\u0000\u001a\r\n',
  '한국어 😀',
];

for (const { name, open } of [
  { name: 'MySQL', open: openTestMysql },
  { name: 'SQLite', open: openTestSqlite },
]) {
  describe(`Statements of a transaction that are issued together, on ${name}`, () => {
    let resources: AsyncDisposableStack;
    let database: SqlDatabase;

    before(async () => {
      resources = new AsyncDisposableStack();
      database = await open(resources);
      await database.sequelize.query(
        'CREATE TABLE marks (id VARCHAR(100) PRIMARY KEY, at DATETIME(3) NOT NULL)',
      );
    });

    beforeEach(() => database.sequelize.query('DELETE FROM marks'));
    after(() => resources.disposeAsync());

    const begin = () => database.sequelize.transaction();
    const mark = (transaction: Transaction, id: string) =>
      Statements.of(transaction).change(INSERT, [id, AT]);
    const marks = async () => {
      const rows = await database.sequelize.query<{ id: string }>('SELECT id FROM marks', {
        type: QueryTypes.SELECT,
      });
      return rows.map(({ id }) => id).sort();
    };

    it('run in their order, and each has its own result', async () => {
      const transaction = await begin();
      const statements = Statements.of(transaction);
      const changed = await Promise.all([
        mark(transaction, 'a'),
        statements.insert(
          'marks',
          ['id', 'at'],
          [
            ['b', AT],
            ['c', AT],
          ],
        ),
        statements.change("UPDATE marks SET at = ? WHERE id < 'c'", [new Date(0)]),
        statements.change('DELETE FROM marks WHERE at = ?', [AT]),
      ]);
      await transaction.commit();
      expect(changed).to.deep.equal([1, undefined, 2, 1]);
      expect(await marks()).to.deep.equal(['a', 'b']);
    });

    it('store values as they are, whatever quotes and parameters they contain', async () => {
      const transaction = await begin();
      await Promise.all(TROUBLESOME.map((id) => mark(transaction, id)));
      await transaction.commit();
      expect(await marks()).to.deep.equal([...TROUBLESOME].sort());
    });

    it('are not run after one that failed, and the first failure is the one that is thrown', async () => {
      const transaction = await begin();
      const issued = ['a', 'b', 'b', 'c'].map((id) => mark(transaction, id));
      const outcomes = await Promise.allSettled(issued);
      expect(outcomes.map(({ status }) => status)).to.deep.equal([
        'fulfilled',
        'fulfilled',
        'rejected',
        'rejected',
      ]);
      await transaction.commit();
      expect(await marks()).to.deep.equal(['a', 'b']);
      const again = await begin();
      const late = async (id: string) => {
        await mark(again, id).catch((cause) => {
          throw new RangeError(id, { cause });
        });
      };
      const error = await rejection(together([late('x'), late('b'), late('y')]));
      expect(error).to.be.instanceOf(RangeError).with.property('message', 'b');
      expect(isDuplicate((error as Error).cause)).to.equal(true);
      await again.rollback();
    });

    it('are rolled back together with a statement of Sequelize before or after them', async () => {
      for (const isFirst of [true, false]) {
        const transaction = await begin();
        const plain = () =>
          database.sequelize.query("INSERT INTO marks VALUES ('p', '2026-01-01')", { transaction });
        if (isFirst) await plain();
        await Promise.all([mark(transaction, 'a'), mark(transaction, 'b')]);
        if (!isFirst) await plain();
        await transaction.rollback();
        expect(await marks()).to.deep.equal([]);
      }
    });
  });
}

describe('Statements that travel together to MySQL', () => {
  let resources: AsyncDisposableStack;
  let database: SqlDatabase;

  before(async () => {
    resources = new AsyncDisposableStack();
    database = await openTestMysql(resources);
    await database.sequelize.query(
      'CREATE TABLE marks (id VARCHAR(100) PRIMARY KEY, at DATETIME(3) NOT NULL)',
    );
    await database.sequelize.query(
      "INSERT INTO marks VALUES ('a', '2026-01-01'), ('b', '2026-01-01')",
    );
  });

  after(() => resources.disposeAsync());

  const ids = async () => {
    const rows = await database.sequelize.query<{ id: string }>('SELECT id FROM marks', {
      type: QueryTypes.SELECT,
    });
    return rows.map(({ id }) => id).sort();
  };

  it('are not committed one by one after a deadlock has rolled back their transaction', async () => {
    const sides = [
      { own: 'a', other: 'b' },
      { own: 'b', other: 'a' },
    ];
    const touch = (transaction: Transaction, id: string) =>
      Statements.of(transaction).change('UPDATE marks SET at = ? WHERE id = ?', [AT, id]);
    const transactions = await Promise.all(
      sides.map(async ({ own }) => {
        const transaction = await database.sequelize.transaction();
        await touch(transaction, own);
        return transaction;
      }),
    );
    const outcomes = await Promise.all(
      sides.map(async ({ own, other }, i) => {
        const transaction = transactions[i] as Transaction;
        const writes = [
          touch(transaction, other),
          Statements.of(transaction).change(INSERT, [`after ${own}`, AT]),
        ];
        const [touched, inserted] = await Promise.allSettled(writes);
        await transaction.rollback();
        return [touched, inserted];
      }),
    );
    const failed = outcomes.filter(([touched]) => touched?.status === 'rejected');
    expect(failed).to.have.length(1);
    for (const outcome of failed.flat()) {
      expect(outcome).to.have.property('reason').that.is.instanceOf(ConcurrentUpdateError);
    }
    expect(await ids()).to.deep.equal(['a', 'b']);
  });

  it('fail when the driver refuses to send them', async () => {
    const transaction = await database.sequelize.transaction();
    await Statements.of(transaction).read('SELECT 1', []);
    const refused = Statements.of(transaction).change(INSERT, [undefined, AT]);
    expect(await rejection(refused)).to.be.instanceOf(TypeError);
    await transaction.rollback();
  });

  it('all fail when the connection ends', async () => {
    const transaction = await database.sequelize.transaction();
    const statements = Statements.of(transaction);
    const [row] = await statements.read<{ id: number }>('SELECT CONNECTION_ID() AS id', []);
    const issued = [
      statements.change(INSERT, ['x', AT]),
      statements.read('SELECT SLEEP(20)', []),
      statements.change(INSERT, ['y', AT]),
    ];
    const outcomes = Promise.allSettled(issued);
    await database.sequelize.query(`KILL ${row?.id}`);
    for (const outcome of (await outcomes).slice(1)) {
      expect(outcome).to.have.property('reason').that.is.instanceOf(DependencyUnavailableError);
    }
    await transaction.rollback().catch(() => {});
    expect(await ids()).to.deep.equal(['a', 'b']);
  });

  const refused = [
    'SELECT 1; SELECT 2',
    "SELECT 'a'; DELETE FROM marks",
    "SELECT 'it''s'; DELETE FROM marks -- '",
    "SELECT '\\'' ; DELETE FROM marks",
    'SELECT `a`; DELETE FROM marks',
    'SELECT "a"; DELETE FROM marks',
    'SELECT 1 /*! ; DELETE FROM marks */',
    'SELECT 1 /*M! ; DELETE FROM marks */',
    "SELECT 'a; DELETE FROM marks",
    "SELECT 1 /* ' */; DELETE FROM marks /* ' */",
    "SELECT 1 -- it's\n; DELETE FROM marks -- '",
    "SELECT 1 # '\n; DELETE FROM marks # '",
  ];
  for (const sql of refused) {
    it(`are never in a text from elsewhere: ${JSON.stringify(sql)}`, async () => {
      const error = await rejection(database.sequelize.query(sql));
      expect(error).to.have.property('message', 'A text with several statements is refused.');
      expect(codeOf(error)).to.equal('');
      expect(await ids()).to.deep.equal(['a', 'b']);
    });
  }

  const accepted = [
    `SELECT ';' AS x`,
    `SELECT 'it''s; \\';' AS x`,
    'SELECT 1 AS `;`',
    'SELECT ";"',
  ];
  for (const sql of accepted) {
    it(`may contain ${JSON.stringify(sql)}`, async () => {
      expect(await database.sequelize.query(sql)).to.have.length(2);
    });
  }
});
