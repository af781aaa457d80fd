import { expect } from 'chai';
import { QueryTypes, type Transaction } from 'sequelize';
import { ClosedTransactionError } from '../../../src/adapters/persistence/sql/connections/issued-statements.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { Statements } from '../../../src/adapters/persistence/sql/connections/statements.js';
import { codeOf, isDuplicate } from '../../../src/adapters/persistence/sql/sql-failures.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../../src/domain/ports/failures.js';
import { waitForAll } from '../../../src/domain/ports/wait-for-all.js';
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
      await transaction.rollback();
      expect(await marks()).to.deep.equal([]);
      const again = await begin();
      const late = async (id: string) => {
        await mark(again, id).catch((cause) => {
          throw new RangeError(id, { cause });
        });
      };
      const error = await rejection(waitForAll([late('x'), late('b'), late('b'), late('y')]));
      expect(error).to.be.instanceOf(RangeError).with.property('message', 'b');
      expect(isDuplicate((error as Error).cause)).to.equal(true);
      await again.rollback();
    });

    it('are refused after one that failed, and so is the commit, but not the rollback', async () => {
      for (const isOfSequelize of [false, true]) {
        const transaction = await begin();
        const query = (sql: string) => database.sequelize.query(sql, { transaction });
        const twice = () =>
          isOfSequelize
            ? query("INSERT INTO marks VALUES ('a', '2026-01-01')")
            : mark(transaction, 'a');
        await mark(transaction, 'a');
        const failure = await rejection(twice());
        const late = await Promise.allSettled([
          mark(transaction, 'b'),
          Statements.of(transaction).read('SELECT id FROM marks', []),
          query("INSERT INTO marks VALUES ('c', '2026-01-01')"),
        ]);
        const ended = isOfSequelize
          ? await transaction.rollback()
          : await rejection(transaction.commit());
        expect(await marks()).to.deep.equal([]);
        for (const outcome of late) {
          expect(outcome)
            .to.have.property('reason')
            .that.is.instanceOf(ClosedTransactionError)
            .with.property('message')
            .that.matches(/has failed, so it can only be rolled back/);
        }
        expect(failure).not.to.be.instanceOf(ClosedTransactionError);
        if (!isOfSequelize) expect(ended).to.be.instanceOf(ClosedTransactionError);
        const next = await begin();
        await mark(next, 'd');
        await next.commit();
        expect(await marks()).to.deep.equal(['d']);
        await database.sequelize.query('DELETE FROM marks');
      }
    });

    it('are not run when one fails that was on its way, and fail with its error', async () => {
      const transaction = await begin();
      const issued = [mark(transaction, 'a'), mark(transaction, 'a')];
      // The texts are sent after one microtask, and no result arrives before the next macrotask.
      for (let i = 0; i < 5; i++) await Promise.resolve();
      issued.push(mark(transaction, 'b'));
      const query = database.sequelize.query("INSERT INTO marks VALUES ('c', '2026-01-01')", {
        transaction,
      });
      const [, ...failed] = await Promise.allSettled([...issued, query]);
      await transaction.rollback();
      for (const outcome of failed) {
        expect(outcome.status).to.equal('rejected');
        expect(isDuplicate((outcome as PromiseRejectedResult).reason)).to.equal(true);
      }
      expect(await marks()).to.deep.equal([]);
    });

    it('are refused after the end of their transaction', async () => {
      for (const end of ['commit', 'rollback'] as const) {
        const transaction = await begin();
        await transaction[end]();
        expect(await rejection(mark(transaction, 'a'))).instanceOf(ClosedTransactionError);
      }
      expect(await marks()).to.deep.equal([]);
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

  it('end with a statement of Sequelize that was in a deadlock', async () => {
    const lock = (transaction: Transaction, id: string) =>
      database.sequelize.query(`SELECT id FROM marks WHERE id = '${id}' FOR UPDATE`, {
        transaction,
      });
    const [one, other] = await Promise.all([
      database.sequelize.transaction(),
      database.sequelize.transaction(),
    ]);
    await lock(one, 'a');
    await lock(other, 'b');
    const outcomes = await Promise.allSettled([lock(one, 'b'), lock(other, 'a')]);
    const victim = outcomes[0].status === 'rejected' ? one : other;
    expect(outcomes.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
    const late = Statements.of(victim).change(INSERT, ['late', AT]);
    expect(await rejection(late)).to.be.instanceOf(ClosedTransactionError);
    await (victim === one ? other : one).rollback();
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
