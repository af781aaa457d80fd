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
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { ReservationState } from '../../../domain/reservations/reservation.js';
import type { StockState } from '../../../domain/stock/stock.js';
import type { SweeperLeaseState } from '../../../domain/sweeping/sweeper-lease.js';
import type { WalletEntry, WalletState } from '../../../domain/wallets/wallet.js';

export interface StoredIdempotencyRecord extends IdempotencyRecord {
  readonly expiresAt: Date;
}

export interface StoredLike extends LikeChange {
  /** Whether the product's count contains it. */
  readonly counted: boolean;
}

export interface StoredMessage extends OutboxEntry {
  readonly channel: OutboxChannel;
}

/** Whose slot it is, of which kind, and what takes it. */
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
 * Every table of the service as maps by primary key, in the order in which the rows were committed;
 * rows are never changed in place.
 */
export interface MemoryTables {
  readonly products: Map<string, ProductState>;
  readonly likes: Map<string, StoredLike>;
  readonly stocks: Map<string, StockState>;
  readonly wallets: Map<string, WalletState>;
  readonly walletEntries: Map<string, WalletEntry>;
  readonly orders: Map<string, OrderState>;
  readonly orderRequests: Map<string, OrderRequestState>;
  readonly outbox: Map<number, StoredMessage>;
  readonly relays: Map<OutboxChannel, StoredRelay>;
  readonly payments: Map<string, PaymentState>;
  readonly cardPayments: Map<string, CardPaymentState>;
  readonly reservations: Map<string, ReservationState>;
  readonly slots: Map<string, StoredSlot>;
  readonly duties: Map<string, SweeperLeaseState>;
  readonly answers: Map<string, StoredIdempotencyRecord>;
}

interface Versioned {
  readonly version: number;
}

/**
 * A database in memory, for unit tests: no server, the same promises as the SQL adapters.
 *
 * A transaction works on a copy. Its commit applies its writes one by one, each of which compares
 * the version it replaces, so a row that another transaction committed meanwhile is a conflict.
 */
export class MemoryDatabase {
  readonly tables: MemoryTables = emptyTables();

  snapshot(): MemoryTables {
    const {
      products,
      likes,
      stocks,
      wallets,
      walletEntries,
      orders,
      orderRequests,
      outbox,
      relays,
      payments,
      cardPayments,
      reservations,
      slots,
      duties,
      answers,
    } = this.tables;
    return {
      products: new Map(products),
      likes: new Map(likes),
      stocks: new Map(stocks),
      wallets: new Map(wallets),
      walletEntries: new Map(walletEntries),
      orders: new Map(orders),
      orderRequests: new Map(orderRequests),
      outbox: new Map(outbox),
      relays: new Map(relays),
      payments: new Map(payments),
      cardPayments: new Map(cardPayments),
      reservations: new Map(reservations),
      slots: new Map(slots),
      duties: new Map(duties),
      answers: new Map(answers),
    };
  }
}

function emptyTables(): MemoryTables {
  return {
    products: new Map(),
    likes: new Map(),
    stocks: new Map(),
    wallets: new Map(),
    walletEntries: new Map(),
    orders: new Map(),
    orderRequests: new Map(),
    outbox: new Map(),
    relays: new Map(),
    payments: new Map(),
    cardPayments: new Map(),
    reservations: new Map(),
    slots: new Map(),
    duties: new Map(),
    answers: new Map(),
  };
}

/**
 * Puts a row whose version is one less in the table, version 0 meaning absent.
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
 * Gives what was saved its slot, or frees the one it had.
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

export function answerKey({ scope, key }: IdempotencyKey): string {
  return JSON.stringify([scope, key]);
}
