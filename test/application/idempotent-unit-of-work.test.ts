import { expect } from 'chai';
import { InProcessCache } from '../../src/adapters/cache/in-process-cache.js';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { MemoryIdempotencyRecords } from '../../src/adapters/persistence/memory/idempotency.js';
import { MemoryDatabase } from '../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../src/adapters/persistence/memory/memory-transactions.js';
import {
  IdempotentUnitOfWork,
  RECORD_LIFETIME_MS,
} from '../../src/application/unit-of-work/layers/2-idempotent-unit-of-work.js';
import { LockedUnitOfWork } from '../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import { DomainError } from '../../src/domain/errors.js';
import type { LockPort } from '../../src/domain/ports/lock-port.js';
import type { Once } from '../../src/domain/ports/unit-of-work.js';
import { Stock } from '../../src/domain/stock/stock.js';
import { FixedClock } from '../support/doubles/fixed-clock.js';
import { lockThatIsAlwaysFree } from '../support/doubles/noop-lock.js';
import { rejection } from '../support/rejection.js';

describe('IdempotentUnitOfWork', () => {
  let database: MemoryDatabase;
  let clock: FixedClock;
  let replays: number;

  beforeEach(() => {
    database = new MemoryDatabase();
    clock = new FixedClock();
    replays = 0;
  });

  function unitOfWork(
    locks: LockPort = new LockPortAdapter(new InProcessLock()),
  ): IdempotentUnitOfWork {
    const report = () => {};
    const inner = new LockedUnitOfWork(
      locks,
      new MemoryTransactions(database),
      new InProcessCache(),
      report,
    );
    return new IdempotentUnitOfWork(
      inner,
      locks,
      new MemoryIdempotencyRecords(database),
      clock,
      report,
    );
  }

  function once(key = 'k', fingerprint = 'f', scope = 'alice'): Once {
    return { scope, key, fingerprint, replayed: () => replays++ };
  }

  /** A unit whose effect can be counted. */
  function addStock(units: IdempotentUnitOfWork, productId: string, request: Once) {
    return units.run({ locks: [], once: request }, async (tx) => {
      const saved = await tx.stocks.save(Stock.open(productId, 1));
      return saved.state;
    });
  }

  it('answers the first outcome to a repeat, with one effect', async () => {
    const units = unitOfWork();
    const first = await addStock(units, 'p1', once());
    const second = await addStock(units, 'p2', once());
    expect(second).to.deep.equal(first);
    expect(replays).to.equal(1);
    expect([...database.tables.stocks.keys()]).to.deep.equal(['p1']);
  });

  it('answers the recorded refusal to a repeat, although the state has changed', async () => {
    const units = unitOfWork();
    const refuse = async () => {
      throw new DomainError('insufficient_stock', 'none left', { productId: 'p' });
    };
    await rejection(units.run({ locks: [], once: once() }, refuse));
    const again = await rejection(addStock(units, 'p', once()));
    expect(again).to.deep.include({ code: 'insufficient_stock', details: { productId: 'p' } });
    expect(database.tables.stocks.size).to.equal(0);
  });

  it('records no outcome when a server failed, so that a repeat tries again', async () => {
    const units = unitOfWork();
    const fail = async () => {
      throw new Error('connection is gone');
    };
    await rejection(units.run({ locks: [], once: once() }, fail));
    await addStock(units, 'p', once());
    expect(replays).to.equal(0);
    expect(database.tables.stocks.size).to.equal(1);
  });

  it('refuses a key that another request has used', async () => {
    const units = unitOfWork();
    await addStock(units, 'p1', once('k', 'one body'));
    const error = await rejection(addStock(units, 'p2', once('k', 'another body')));
    expect(error).to.have.property('code', 'idempotency_key_reused');
  });

  it('refuses a repeat at once while the first request still runs', async () => {
    const units = unitOfWork();
    let finish = () => {};
    const first = units.run({ locks: [], once: once() }, () => {
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await new Promise(setImmediate);
    const error = await rejection(addStock(units, 'p', once()));
    expect(error).to.have.property('code', 'idempotency_in_progress');
    finish();
    await first;
  });

  it('does not mix equal keys of two callers', async () => {
    const units = unitOfWork();
    await addStock(units, 'p1', once('k', 'f', 'alice'));
    await addStock(units, 'p2', once('k', 'f', 'bob'));
    expect(database.tables.stocks.size).to.equal(2);
  });

  it('runs the work again after a day, when its record has expired', async () => {
    const units = unitOfWork();
    await addStock(units, 'p1', once());
    clock.advance(RECORD_LIFETIME_MS);
    await addStock(units, 'p2', once());
    expect(database.tables.stocks.size).to.equal(2);
  });

  it('returns the effect, not the refusal that it caused, when the lock admits both runs', async () => {
    const units = unitOfWork(lockThatIsAlwaysFree);
    const takeLast = () =>
      units.run({ locks: [], once: once() }, async (tx) => {
        const stock = await tx.stocks.get('p');
        return (await tx.stocks.save(stock.take(1))).state;
      });
    await units.run({ locks: [] }, (tx) => tx.stocks.save(Stock.open('p', 1)));
    const answers = await Promise.all([takeLast(), takeLast(), takeLast()]);
    expect(answers.map(({ available }) => available)).to.deep.equal([0, 0, 0]);
    expect(replays).to.equal(2);
  });

  it('has one effect when the lock admits both runs', async () => {
    const units = unitOfWork(lockThatIsAlwaysFree);
    const answers = await Promise.all([
      addStock(units, 'p1', once()),
      addStock(units, 'p2', once()),
    ]);
    expect(database.tables.stocks.size).to.equal(1);
    expect(answers[0]).to.deep.equal(answers[1]);
    expect(replays).to.equal(1);
  });
});
