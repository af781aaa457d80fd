import type { LikeChange } from '../../../domain/catalogue/like.js';
import type { ProductState } from '../../../domain/catalogue/product.js';
import type { OutboxChannel, OutboxEntry } from '../../../domain/events/outbox.js';
import type {
  IdempotencyKey,
  IdempotencyRecord,
} from '../../../domain/idempotency/idempotency-records.js';
import type { OrderState } from '../../../domain/orders/order.js';
import type { OrderRequestState } from '../../../domain/orders/order-request.js';
import type { Slotted } from '../../../domain/orders/quotas.js';
import type { CardPaymentState } from '../../../domain/payments/card-payment.js';
import type { PaymentState } from '../../../domain/payments/payment.js';
import type { Ranking } from '../../../domain/popularity/popularity.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Page, PageRequest } from '../../../domain/ports/page.js';
import type { Replacement } from '../../../domain/ports/replacement.js';
import type { ReservationState } from '../../../domain/reservations/reservation.js';
import type { StockState } from '../../../domain/stock/stock.js';
import type { SweeperLeaseState } from '../../../domain/sweeping/sweeper-lease.js';
import type { WalletEntry, WalletState } from '../../../domain/wallets/wallet.js';

export interface StoredIdempotencyRecord extends IdempotencyRecord {
  readonly expiresAt: Date;
}

export interface StoredLike extends LikeChange {
  /** Whether the count of the product contains it. */
  readonly counted: boolean;
}

export interface StoredMessage extends OutboxEntry {
  readonly channel: OutboxChannel;
}

/** A quota slot: its kind, its user, its number, and the id of the row that uses it. */
export interface StoredSlot {
  readonly kind: Slotted;
  readonly userId: string;
  readonly slot: number;
  readonly id: string;
}

export interface StoredRelay {
  readonly relay: string;
  readonly until: Date;
}

/**
 * The list of all tables. Each is a map by primary key, in the sequence of the commits. Rows are
 * never changed in place. A new table is added only here.
 */
const emptyTables = () => ({
  products: new Map<string, ProductState>(),
  likes: new Map<string, StoredLike>(),
  stocks: new Map<string, StockState>(),
  wallets: new Map<string, WalletState>(),
  walletEntries: new Map<string, WalletEntry>(),
  orders: new Map<string, OrderState>(),
  orderRequests: new Map<string, OrderRequestState>(),
  outbox: new Map<number, StoredMessage>(),
  relays: new Map<OutboxChannel, StoredRelay>(),
  payments: new Map<string, PaymentState>(),
  cardPayments: new Map<string, CardPaymentState>(),
  rankings: new Map<string, Ranking>(),
  reservations: new Map<string, ReservationState>(),
  slots: new Map<string, StoredSlot>(),
  sweeperLeases: new Map<string, SweeperLeaseState>(),
  idempotencyRecords: new Map<string, StoredIdempotencyRecord>(),
});

export type MemoryTables = Readonly<ReturnType<typeof emptyTables>>;

interface Versioned {
  readonly version: number;
}

/**
 * A database in memory for unit tests. It needs no server and keeps the same contracts as SQL.
 *
 * A transaction works on a copy. Its commit applies its writes one by one. Each write compares the
 * version that it replaces, so a row that another transaction committed meanwhile is a conflict.
 */
export class MemoryDatabase {
  readonly tables: MemoryTables = emptyTables();

  /** A copy of every table. The rows themselves are not copied. */
  snapshot(): MemoryTables {
    const copies = Object.entries(this.tables).map(([name, rows]) => [
      name,
      new Map<unknown, unknown>(rows),
    ]);
    return Object.fromEntries(copies) as MemoryTables;
  }
}

/**
 * Stores a row with the next version, if the table still holds the version of the row; version 0
 * means that the table has no such row.
 * @returns the row with its new version
 * @throws ConcurrentUpdateError the table holds another version
 */
export function putVersioned<Row extends Versioned>(
  table: Map<string, Row>,
  key: string,
  row: Row,
): Row {
  if ((table.get(key)?.version ?? 0) !== row.version) {
    throw new ConcurrentUpdateError(`${key} has changed`);
  }
  const next = { ...row, version: row.version + 1 };
  table.set(key, next);
  return next;
}

/**
 * Stores a row that was changed once or several times since it was read.
 * @throws ConcurrentUpdateError the table holds another version
 */
export function replaceVersioned<Row extends Versioned>(
  table: Map<string, Row>,
  key: string,
  { state, readVersion }: Replacement<Row>,
): void {
  putVersioned(table, key, { ...state, version: readVersion });
  table.set(key, state);
}

/**
 * Gives the saved row its slot, or frees the slot that it had.
 * @throws ConcurrentUpdateError the slot is taken
 */
export function putSlot(
  { slots }: MemoryTables,
  { kind, userId, slot, id }: Omit<StoredSlot, 'slot'> & { readonly slot: number | undefined },
): void {
  for (const [key, taken] of slots) if (taken.id === id) slots.delete(key);
  if (slot === undefined) return;
  const key = JSON.stringify([kind, userId, slot]);
  if (slots.has(key)) throw new ConcurrentUpdateError(`${kind}: the quota slot is taken`);
  slots.set(key, { kind, userId, slot, id });
}

export function slotsOf({ slots }: MemoryTables, kind: Slotted, userId: string): number[] {
  const taken = [...slots.values()].filter((each) => each.kind === kind && each.userId === userId);
  return taken.map(({ slot }) => slot);
}

export function idempotencyRecordKey({ scope, key }: IdempotencyKey): string {
  return JSON.stringify([scope, key]);
}

/**
 * A change of some rows. It runs on the copy of the transaction at once, and again at the commit.
 */
export type Write = (tables: MemoryTables) => void;

/** What the repositories of one transaction share: its copy of the tables, and its writes. */
export abstract class MemoryRows {
  constructor(
    protected readonly tables: MemoryTables,
    protected readonly write: (change: Write) => void,
  ) {}
}

/** One page of rows that are sorted like the list. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  { limit, after }: PageRequest,
): Page<T> {
  const last = rows.findIndex((row) => row.id === after);
  const start = after === undefined || last >= 0 ? last + 1 : rows.length;
  const items = rows.slice(start, start + limit);
  const more = start + limit < rows.length;
  return { items, nextAfter: more ? (items.at(-1)?.id ?? null) : null };
}
