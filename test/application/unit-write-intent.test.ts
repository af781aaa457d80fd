import { expect } from 'chai';
import { InProcessLock } from '../../src/adapters/lock/in-process-lock.js';
import { LockPortAdapter } from '../../src/adapters/lock-and-cache-adapters/lock-port-adapter.js';
import { MemoryDatabase } from '../../src/adapters/persistence/memory/memory-database.js';
import { MemoryTransactions } from '../../src/adapters/persistence/memory/memory-transactions.js';
import { invalidates } from '../../src/application/caching/invalidates.js';
import { LockedUnitOfWork } from '../../src/application/unit-of-work/layers/5-locked-unit-of-work.js';
import {
  type Cached,
  CachePort,
  type WriteIntent,
  WriteIntentExpiredError,
} from '../../src/domain/ports/cache-port.js';
import {
  ConcurrentUpdateError,
  DependencyUnavailableError,
} from '../../src/domain/ports/failures.js';
import { Stock } from '../../src/domain/stock/stock.js';
import {
  type Journal,
  RecordingLock,
  RecordingTransactions,
} from '../support/doubles/recording.js';
import { rejection } from '../support/rejection.js';

/** A cache that records its write intents. A test can add behaviour around them. */
class RecordingCache extends CachePort {
  constructor(
    private readonly journal: Journal,
    private readonly own: Partial<WriteIntent> & { readonly begin?: () => Promise<void> } = {},
  ) {
    super();
  }

  override read(): Cached {
    throw new Error('a unit of work reads past the cache');
  }

  override async beginWrite(resources: readonly string[]): Promise<WriteIntent> {
    this.journal.push(`asks for a write intent on ${resources.join()}`);
    await this.own.begin?.();
    this.journal.push('write intent set');
    return {
      number: 7,
      assertValid: () => this.journal.push('valid'),
      end: async (entries = []) => {
        this.journal.push(['ended', ...entries.map(({ text }) => text)].join(' '));
        return 8;
      },
      ...this.own,
    };
  }

  override async latest(): Promise<number> {
    return 0;
  }
}

describe('A unit of work that changes cached resources', () => {
  let journal: Journal;
  let database: MemoryDatabase;
  let reported: string[];
  const options = { locks: ['product:1'], ...invalidates<unknown>(['product:1']) };
  const write = async (tx: { stocks: { save(stock: Stock): Promise<unknown> } }) => {
    journal.push('worked');
    await tx.stocks.save(Stock.open('1', 5));
    return 'done';
  };

  beforeEach(() => {
    journal = [];
    reported = [];
    database = new MemoryDatabase();
  });

  function unitOfWork(
    cache: CachePort = new RecordingCache(journal),
    transactions = new MemoryTransactions(database),
  ): LockedUnitOfWork {
    return new LockedUnitOfWork(
      new RecordingLock(new LockPortAdapter(new InProcessLock()), journal),
      new RecordingTransactions(transactions, journal),
      cache,
      (event) => reported.push(event),
      { attempts: 2, baseMs: 0 },
    );
  }

  it('opens the write intent before the commit, and ends it before it releases the lock', async () => {
    await unitOfWork().run(options, write);
    expect(journal.filter((event) => event !== 'write intent set')).to.deep.equal([
      'acquired',
      'asks for a write intent on product:1',
      'begun',
      'worked',
      'checked',
      'valid',
      'committed',
      'ended',
      'released',
    ]);
  });

  it('runs the work while the write intent opens, and commits after it is open', async () => {
    let heldOff = () => {};
    const begin = () =>
      new Promise<void>((resolve) => {
        heldOff = resolve;
      });
    const running = unitOfWork(new RecordingCache(journal, { begin })).run(options, write);
    await new Promise(setImmediate);
    expect(journal.at(-1)).to.equal('worked');
    heldOff();
    await running;
    expect(journal.indexOf('write intent set')).to.be.lessThan(journal.indexOf('committed'));
  });

  it('rolls back when the write intent cannot be opened', async () => {
    const begin = () => Promise.reject(new DependencyUnavailableError('redis', new Error('gone')));
    const run = unitOfWork(new RecordingCache(journal, { begin })).run(options, write);
    expect(await rejection(run)).to.be.instanceOf(DependencyUnavailableError);
    expect(journal.slice(-2)).to.deep.equal(['rolled back', 'released']);
    expect(database.tables.stocks.size).to.equal(0);
  });

  it('rolls back when the write intent may expire before the commit', async () => {
    const assertValid = () => {
      throw new WriteIntentExpiredError('cache', new Error('too long'));
    };
    const run = unitOfWork(new RecordingCache(journal, { assertValid })).run(options, write);
    expect(await rejection(run)).to.be.instanceOf(WriteIntentExpiredError);
    expect(journal.slice(-3)).to.deep.equal(['rolled back', 'ended', 'released']);
    expect(database.tables.stocks.size).to.equal(0);
  });

  it('ends the write intent when the work is refused', async () => {
    const run = unitOfWork().run(options, async () => Promise.reject(new Error('no')));
    expect(await rejection(run)).to.have.property('message', 'no');
    expect(journal.slice(-2)).to.deep.equal(['ended', 'released']);
  });

  it('leaves the write intent open when the outcome of the commit is unknown', async () => {
    const transactions = new MemoryTransactions(database);
    const begin = transactions.begin.bind(transactions);
    const commit = () => Promise.reject(new DependencyUnavailableError('database', new Error('?')));
    transactions.begin = async () => ({ ...(await begin()), commit });
    const run = unitOfWork(new RecordingCache(journal), transactions).run(options, write);
    expect(await rejection(run)).to.be.instanceOf(DependencyUnavailableError);
    expect(journal).not.to.include('ended');
  });

  it('opens a write intent in each run, and ends it when the database refused the commit', async () => {
    const transactions = new MemoryTransactions(database);
    const begin = transactions.begin.bind(transactions);
    let commits = 0;
    transactions.begin = async () => {
      const tx = await begin();
      const commit = () => {
        commits += 1;
        return commits === 1 ? Promise.reject(new ConcurrentUpdateError('changed')) : tx.commit();
      };
      return { ...tx, commit };
    };
    await unitOfWork(new RecordingCache(journal), transactions).run(options, write);
    expect(journal.filter((event) => event === 'ended')).to.have.length(2);
    expect(journal.indexOf('ended')).to.be.lessThan(journal.indexOf('committed'));
  });

  it('leaves the new value in the cache, and reports the number of its invalidation', async () => {
    const numbers: number[] = [];
    const through = invalidates(['product:1'], (text: string) => [{ key: 'product:1', text }]);
    const invalidated = (number: number) => numbers.push(number);
    await unitOfWork().run({ locks: [], ...through, invalidated }, write);
    expect(journal).to.include('ended done');
    expect(numbers).to.deep.equal([8]);
  });

  it('keeps a committed success when the write intent cannot be ended, and reports the failure', async () => {
    const numbers: number[] = [];
    const end = () => Promise.reject(new DependencyUnavailableError('redis', new Error('gone')));
    const invalidated = (number: number) => numbers.push(number);
    const value = await unitOfWork(new RecordingCache(journal, { end })).run(
      { ...options, invalidated },
      write,
    );
    expect(value).to.equal('done');
    expect(reported).to.deep.equal(['write_intent_not_ended']);
    expect(numbers).to.deep.equal([7]);
  });

  it('does not use the cache when it changes no cached resource', async () => {
    await unitOfWork().run({ locks: ['stock:1'] }, write);
    expect(journal.join()).not.to.include('hold');
  });
});
