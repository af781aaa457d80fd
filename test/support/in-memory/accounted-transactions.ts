import { expect } from 'chai';
import type {
  MemoryDatabase,
  MemoryTables,
} from '../../../src/adapters/persistence/memory/memory-database.js';
import type { DomainEvent } from '../../../src/domain/events/domain-event.js';
import {
  type OpenTransaction,
  TransactionPort,
} from '../../../src/domain/ports/transaction-port.js';

/**
 * Transactions that check each commit: it must store one event for each change of an order or a
 * stock, and no other event. So every test of a use case fails when the use case forgets an event.
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
      const before = copyOf(this.database.tables);
      // A commit in memory is one step, so other commits come before it or after the second copy.
      const committed = tx.commit();
      const after = copyOf(this.database.tables);
      await committed;
      expect(recorded(before, after)).to.deep.equal(changes(before, after));
    };
    return { ...tx, commit };
  }
}

type Compared = Pick<MemoryTables, 'orders' | 'stocks' | 'outbox'>;

/** A copy of the tables that are compared. */
function copyOf({ orders, stocks, outbox }: MemoryTables): Compared {
  return { orders: new Map(orders), stocks: new Map(stocks), outbox: new Map(outbox) };
}

/** The content of the new events, in any order. */
function recorded(before: Compared, after: Compared): string[] {
  const added = [...after.outbox].filter(([sequence]) => !before.outbox.has(sequence));
  const events = added
    .filter(([, { channel }]) => channel === 'events')
    .map(([, { message }]) => message as DomainEvent);
  return events.map(({ type, key, data }) => `${type} ${key} ${data.version}`).sort();
}

/** The expected content: each version that a row went through, and the state of its last one. */
function changes(before: Compared, after: Compared): string[] {
  const versions = <Row extends { version: number }>(
    rows: (tables: Compared) => Map<string, Row>,
    type: (row: Row) => string,
  ) =>
    [...rows(after)].flatMap(([key, row]) => {
      // Rows are never changed in place.
      if (rows(before).get(key) === row) return [];
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
