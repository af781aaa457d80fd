import { expect } from 'chai';
import type {
  MemoryDatabase,
  MemoryTables,
} from '../../src/adapters/persistence/memory/memory-database.js';
import type { DomainEvent } from '../../src/domain/events/domain-event.js';
import { type OpenTransaction, TransactionPort } from '../../src/domain/ports/transaction-port.js';

/**
 * Transactions whose commits must have told, by events, of each change of an order or a stock, and
 * of nothing else: whatever use case a test runs, on a path that somebody forgot it fails.
 */
export class AccountedTransactions extends TransactionPort {
  constructor(
    private readonly inner: TransactionPort,
    private readonly database: MemoryDatabase,
  ) {
    super();
  }

  override async begin(rowKeys?: readonly string[]): Promise<OpenTransaction> {
    const tx = await this.inner.begin(rowKeys);
    const commit = async () => {
      const before = this.database.snapshot();
      // A commit in memory is one step: others come before it or after the second look.
      const committed = tx.commit();
      const after = this.database.snapshot();
      await committed;
      expect(told(before, after)).to.deep.equal(changes(before, after));
    };
    return { ...tx, commit };
  }
}

/** What the new events say, in any order. */
function told(before: MemoryTables, after: MemoryTables): string[] {
  const added = [...after.outbox].filter(([sequence]) => !before.outbox.has(sequence));
  const events = added
    .filter(([, { channel }]) => channel === 'events')
    .map(([, { message }]) => message as DomainEvent);
  return events.map(({ type, key, data }) => `${type} ${key} ${data.version}`).sort();
}

/** What they should say: each version a row went through, and what its last one is. */
function changes(before: MemoryTables, after: MemoryTables): string[] {
  const versions = <Row extends { version: number }>(
    rows: (tables: MemoryTables) => Map<string, Row>,
    type: (row: Row) => string,
  ) =>
    [...rows(after)].flatMap(([key, row]) => {
      const first = (rows(before).get(key)?.version ?? 0) + 1;
      const through = Array.from({ length: row.version - first + 1 }, (_, i) => first + i);
      return through.map((version) => `${type(row)} ${key} ${version}`);
    });
  const orders = versions(
    (tables) => tables.orders,
    ({ status }) => EVENT_OF[status],
  );
  const stocks = versions(
    (tables) => tables.stocks,
    () => 'stock.changed',
  );
  return [...orders, ...stocks].sort();
}

const EVENT_OF = {
  PENDING_PAYMENT: 'order.placed',
  PAID: 'order.paid',
  CANCELLED: 'order.cancelled',
  EXPIRED: 'order.expired',
} as const;
