import { expect } from 'chai';
import { type SinonSpy, spy } from 'sinon';
import { InProcessCache } from '../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { MemoryDatabase } from '../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../src/adapters/persistence/memory/memory-transactions.js';
import { LockedUnitOfWork } from '../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import type { CachePort } from '../../src/domain/ports/cache-port.js';
import { ConcurrentUpdateError, LeaseLostError } from '../../src/domain/ports/failures.js';
import { LockBusyError, type LockPort } from '../../src/domain/ports/lock-port.js';
import type { TransactionPort } from '../../src/domain/ports/transaction-port.js';
import { NestedUnitError } from '../../src/domain/ports/unit-of-work.js';
import { Stock } from '../../src/domain/stock/stock.js';
import { NoopLock } from '../support/doubles/noop-lock.js';
import {
  type Journal,
  RecordingLock,
  RecordingTransactions,
} from '../support/doubles/recording.js';
import { rejection } from '../support/rejection.js';

describe('LockedUnitOfWork', () => {
  let journal: Journal;
  let database: MemoryDatabase;
  let report: SinonSpy;

  beforeEach(() => {
    journal = [];
    report = spy();
    database = new MemoryDatabase();
  });

  /** The reported failures that changed no outcome. */
  function events(): string[] {
    return report.args.map(([event]) => event);
  }

  function unitOfWork(
    locks: LockPort = new LockPortAdapter(new InProcessLock()),
    transactions: TransactionPort = new MemoryTransactions(database),
    cache: CachePort = new InProcessCache(),
  ): LockedUnitOfWork {
    return new LockedUnitOfWork(
      new RecordingLock(locks, journal),
      new RecordingTransactions(transactions, journal),
      cache,
      report,
      { attempts: 3, baseMs: 0 },
    );
  }

  it('locks, begins, works, checks the lease, commits and releases, in this order', async () => {
    const value = await unitOfWork().run({ locks: ['stock:1'] }, async () => {
      journal.push('worked');
      return 42;
    });
    expect(value).to.equal(42);
    expect(journal).to.deep.equal([
      'acquired',
      'begun',
      'worked',
      'checked',
      'committed',
      'released',
    ]);
  });

  it('opens no transaction when the lock is not granted', async () => {
    const locks = new LockPortAdapter(new InProcessLock({ waitMs: 5 }));
    await locks.acquire(['stock:1']);
    const error = await rejection(unitOfWork(locks).run({ locks: ['stock:1'] }, async () => {}));
    expect(error).to.be.instanceOf(LockBusyError);
    expect(journal).to.deep.equal([]);
  });

  it('opens no transaction while it waits for the lock', async () => {
    const locks = new LockPortAdapter(new InProcessLock());
    const holder = await locks.acquire(['stock:1']);
    const waiting = unitOfWork(locks).run({ locks: ['stock:1'] }, async () => {});
    await new Promise(setImmediate);
    expect(journal).to.deep.equal([]);
    await holder.release();
    await waiting;
    expect(journal[0]).to.equal('acquired');
  });

  it('still holds the lease when the commit returns', async () => {
    const locks = new LockPortAdapter(new InProcessLock());
    let heldAtCommit = false;
    const transactions = new MemoryTransactions(database);
    const begin = transactions.begin.bind(transactions);
    transactions.begin = async () => {
      const tx = await begin();
      return {
        ...tx,
        commit: async () => {
          await tx.commit();
          const other = locks.acquire(['stock:1'], { waitMs: 0 });
          heldAtCommit = (await rejection(other)) instanceof LockBusyError;
        },
      };
    };
    await unitOfWork(locks, transactions).run({ locks: ['stock:1'] }, async () => {});
    expect(heldAtCommit).to.equal(true);
  });

  it('never commits under a lost lease', async () => {
    const locks = new NoopLock({
      assertHeld: () => {
        throw new LeaseLostError(['stock:1']);
      },
    });
    const run = unitOfWork(locks).run({ locks: ['stock:1'] }, (tx) =>
      tx.stocks.save(Stock.open('1', 5)),
    );
    expect(await rejection(run)).to.be.instanceOf(LeaseLostError);
    expect(journal).to.deep.equal(['acquired', 'begun', 'checked', 'rolled back', 'released']);
    expect(database.tables.stocks.size).to.equal(0);
  });

  it('keeps a committed success when the release fails, and reports the failure', async () => {
    const locks = new NoopLock({
      release: () => Promise.reject(new Error('redis is gone')),
    });
    const value = await unitOfWork(locks).run({ locks: ['stock:1'] }, async () => 'done');
    expect(value).to.equal('done');
    expect(events()).to.deep.equal(['release_failed']);
  });

  it('throws the error of the work, not the error of the later rollback or release', async () => {
    const locks = new NoopLock({
      release: () => Promise.reject(new Error('redis is gone')),
    });
    const transactions = new MemoryTransactions(database);
    const begin = transactions.begin.bind(transactions);
    transactions.begin = async () => ({
      ...(await begin()),
      rollback: () => Promise.reject(new Error('connection is gone')),
    });
    const run = unitOfWork(locks, transactions).run({ locks: ['stock:1'] }, async () => {
      throw new Error('the first error');
    });
    expect(await rejection(run)).to.have.property('message', 'the first error');
    expect(events()).to.deep.equal(['rollback_failed', 'release_failed']);
  });

  it('rolls back what the work has written when it throws', async () => {
    const run = unitOfWork().run({ locks: ['stock:1'] }, async (tx) => {
      await tx.stocks.save(Stock.open('1', 5));
      throw new Error('no');
    });
    await rejection(run);
    expect(database.tables.stocks.size).to.equal(0);
    expect(journal.slice(-2)).to.deep.equal(['rolled back', 'released']);
  });

  it('refuses a unit inside another, and says why', async () => {
    const units = unitOfWork();
    const run = units.run({ locks: ['stock:1'] }, () => units.run({ locks: [] }, async () => {}));
    const error = await rejection(run);
    expect(error).to.be.instanceOf(NestedUnitError);
    expect(error).to.have.property('message').that.includes('wait for its locks while');
  });

  it('allows a unit after another, and several at once', async () => {
    const units = unitOfWork();
    await units.run({ locks: ['stock:1'] }, async () => {});
    await Promise.all([1, 2, 3].map((n) => units.run({ locks: [`stock:${n}`] }, async () => {})));
    expect(journal.filter((event) => event === 'committed')).to.have.length(4);
  });

  it('runs the whole unit again when a row was changed, with a new lease and transaction', async () => {
    let runs = 0;
    await unitOfWork().run({ locks: ['stock:1'] }, async () => {
      runs += 1;
      if (runs === 1) throw new ConcurrentUpdateError('changed');
    });
    expect(journal).to.deep.equal([
      ...['acquired', 'begun', 'rolled back', 'released'],
      ...['acquired', 'begun', 'checked', 'committed', 'released'],
    ]);
  });

  it('throws after the configured number of runs', async () => {
    const run = unitOfWork().run({ locks: ['stock:1'] }, async () => {
      throw new ConcurrentUpdateError('changed');
    });
    expect(await rejection(run)).to.be.instanceOf(ConcurrentUpdateError);
    expect(journal.filter((event) => event === 'begun')).to.have.length(3);
  });

  it('does not start the work of a client that disconnected during the wait', async () => {
    const locks = new LockPortAdapter(new InProcessLock());
    const holder = await locks.acquire(['stock:1']);
    const client = new AbortController();
    const { signal } = client;
    const run = unitOfWork(locks).run({ locks: ['stock:1'], signal }, async () => {});
    client.abort(new Error('hung up'));
    expect(await rejection(run)).to.have.property('message', 'hung up');
    await holder.release();
    expect(journal).to.deep.equal([]);
  });

  it('takes no lock when it names no key', async () => {
    await unitOfWork().run({ locks: [] }, async () => {});
    expect(journal).to.deep.equal(['begun', 'committed']);
  });
});
