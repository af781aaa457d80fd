import { expect } from 'chai';
import { InProcessCache } from '../../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import type { SqlDatabase } from '../../../src/adapters/persistence/sql/connections/sql-database.js';
import { SqlTransactions } from '../../../src/adapters/persistence/sql/sql-transactions.js';
import { LockedUnitOfWork } from '../../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import { type Journal, RecordingLock } from '../../support/doubles/recording.js';
import { openTestMysql } from './databases.js';

interface Pool {
  readonly using: number;
}

describe('Database connections of units of work', () => {
  let resources: AsyncDisposableStack;
  let database: SqlDatabase;

  before(async () => {
    resources = new AsyncDisposableStack();
    database = await openTestMysql(resources);
  });

  after(() => resources.disposeAsync());

  it('are taken by lease holders only, while 50 units wait for a lock', async () => {
    // The types of Sequelize do not have the pool.
    const { pool } = database.sequelize.connectionManager as unknown as { pool: Pool };
    const locks = new LockPortAdapter(new InProcessLock());
    const holder = await locks.acquire(['wallet:alice']);
    const journal: Journal = [];
    const recorded = new RecordingLock(locks, journal);
    const units = new LockedUnitOfWork(
      recorded,
      new SqlTransactions(database),
      new InProcessCache(),
      () => {},
    );
    const count = (event: string) => journal.filter((entry) => entry === event).length;
    const use: { connections: number; holders: number }[] = [];

    const readWallet = (userId: string) =>
      units.run({ locks: [`wallet:${userId}`] }, async (tx) => {
        await tx.wallets.get(userId);
        use.push({ connections: pool.using, holders: count('acquired') - count('released') });
      });
    const waiting = Array.from({ length: 50 }, () => readWallet('alice'));
    await Promise.all(['bob', 'carol', 'dave'].map(readWallet));
    expect(pool.using).to.equal(0);
    await holder.release();
    await Promise.all(waiting);

    expect(use).to.have.length(53);
    expect(use.filter(({ connections, holders }) => connections > holders)).to.deep.equal([]);
  });
});
