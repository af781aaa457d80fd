import type { OutboxChannel, Outgoing } from '../../../domain/events/outbox.js';
import type { NewIdempotencyRecord } from '../../../domain/idempotency/idempotency-records.js';
import { Order } from '../../../domain/orders/order.js';
import type { Counted, OpenClaims } from '../../../domain/orders/quotas.js';
import { Payment } from '../../../domain/payments/payment.js';
import type { OpenTransaction } from '../../../domain/ports/transaction-port.js';
import type { BatchReads } from '../../../domain/ports/unit-of-work.js';
import { waitForAll } from '../../../domain/ports/wait-for-all.js';
import { Reservation } from '../../../domain/reservations/reservation.js';
import { type Buyer, type Offer, Offers } from '../../../domain/stock/offers.js';
import { Stock } from '../../../domain/stock/stock.js';
import { Wallet, type WalletEntry, type WalletMovement } from '../../../domain/wallets/wallet.js';
import { BufferedRows } from './buffered-rows.js';

/** Open claims of a customer, including those of rows that are not written yet. */
interface Claims {
  readonly unpaidOrders: number[];
  readonly holds: number[];
  units: number;
}

/**
 * What the members of a batch have read and changed in a transaction, and not written yet.
 *
 * A member sees the changes of the members before it. After all members have run, each table is
 * written by one statement. The changes of a refused member are undone here, and the database never
 * gets them.
 */
export class WriteBuffer {
  /** Steps that undo what the current member did; the last step runs first. */
  readonly #undo: (() => void)[] = [];
  readonly #noteUndo = (step: () => void): void => void this.#undo.push(step);
  readonly #stocks = new BufferedRows(
    'stock',
    ({ productId }) => productId,
    Stock.restore,
    this.#noteUndo,
  );
  readonly #wallets = new BufferedRows(
    'wallet',
    ({ userId }) => userId,
    Wallet.restore,
    this.#noteUndo,
  );
  /** Orders that were read. */
  readonly #orders = new BufferedRows('order', ({ id }) => id, Order.restore, this.#noteUndo);
  readonly #payments = new BufferedRows(
    'the payment of order',
    ({ orderId }) => orderId,
    Payment.restore,
    this.#noteUndo,
  );
  /** Reservations that were read. */
  readonly #reservations = new BufferedRows(
    'reservation',
    ({ id }) => id,
    Reservation.restore,
    this.#noteUndo,
  );
  readonly #prices = new Map<string, number>();
  readonly #claims = new Map<string, Claims>();
  readonly #newOrders = new Map<string, Order>();
  readonly #newReservations = new Map<string, Reservation>();
  readonly #entries: WalletEntry[] = [];
  readonly #messages: [OutboxChannel, Outgoing[OutboxChannel]][] = [];
  readonly #records: NewIdempotencyRecord[] = [];

  constructor(private readonly tx: OpenTransaction) {}

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    const rows = [this.#stocks, this.#wallets, this.#orders, this.#payments, this.#reservations];
    const lists = [this.#messages, this.#records];
    const added = [...lists.map(({ length }) => length), this.#newOrders.size];
    return (
      !added.concat(this.#newReservations.size).some((count) => count > 0) &&
      !rows.some(({ isChanged }) => isChanged)
    );
  }

  /** The current member succeeded: its changes stay. */
  keep(): void {
    this.#undo.length = 0;
  }

  /** The current member was refused: its changes are undone. */
  undo(): void {
    // @plant refused-member-undone
    for (let step = this.#undo.pop(); step; step = this.#undo.pop()) step();
    // @end refused-member-undone
  }

  /** Reads what the members will need, by one statement for each table, and all of them together. */
  async read(all: readonly BatchReads[]): Promise<void> {
    const idsOf = (kind: Exclude<keyof BatchReads, 'buyers' | 'counted'>) =>
      all.flatMap((reads) => reads[kind] ?? []);
    const buyers = all.flatMap((reads) => reads.buyers ?? []);
    const counted = new Set(all.flatMap((reads) => reads.counted ?? []));
    await waitForAll([
      this.readOffers(buyers, [...counted]),
      this.#readReservations(idsOf('reservations')),
      this.#readOrders(idsOf('orders')),
      this.#readPayments(idsOf('payments')),
      this.#readStocks(idsOf('stocks')),
      this.#readWallets(idsOf('wallets')),
    ]);
  }

  /** Reads by one statement what these buyers need and the buffer does not contain yet. */
  async readOffers(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<void> {
    const isKnown = ({ userId, productIds }: Buyer) =>
      productIds.every((id) => this.#prices.has(id)) &&
      (counted.length === 0 || this.#claims.has(userId));
    const unknown = buyers.filter((buyer) => !isKnown(buyer));
    if (unknown.length === 0) return;
    const offers = await this.tx.stocks.offers(unknown, counted);
    for (const { userId, productIds } of unknown) {
      for (const id of productIds) this.#addOffer(id, offers.find(id));
      if (!this.#claims.has(userId)) this.#claims.set(userId, copyOf(offers.claimsOf(userId)));
    }
  }

  #addOffer(productId: string, offer: Offer | undefined): void {
    if (!offer) return;
    this.#prices.set(productId, offer.price);
    this.#stocks.learn(productId, offer.stock);
  }

  /** The offers as they were read, with the changes of the batch. */
  offers(buyers: readonly Buyer[]): Offers {
    const found = new Map<string, Offer>();
    for (const id of buyers.flatMap(({ productIds }) => productIds)) {
      const [stock, price] = [this.#stocks.get(id), this.#prices.get(id)];
      if (stock && price !== undefined) found.set(id, { stock, price });
    }
    const users = buyers.map(({ userId }) => userId);
    return new Offers(found, new Map(users.flatMap((id) => entryOf(id, this.#claims.get(id)))));
  }

  /** Units of the customer by product, with those of rows that are not written yet. */
  async openUnits(userId: string, productIds: readonly string[]): Promise<Map<string, number>> {
    const units = new Map(await this.tx.stocks.getOpenUnits(userId, productIds));
    // @plant batch-counts-its-own-units
    const orders = [...this.#newOrders.values()];
    const added = [...orders, ...this.#newReservations.values()].filter(({ state, slot }) => {
      return state.userId === userId && slot !== undefined;
    });
    for (const { state } of added) {
      for (const { productId, quantity } of 'items' in state ? state.items : [state]) {
        units.set(productId, (units.get(productId) ?? 0) + quantity);
      }
    }
    // @end batch-counts-its-own-units
    return units;
  }

  /** In the order of `productIds`; a missing stock is left out. */
  async stocks(productIds: readonly string[]): Promise<Stock[]> {
    await this.#readStocks(productIds);
    return productIds.flatMap((id) => this.#stocks.get(id) ?? []);
  }

  #readStocks(productIds: readonly string[]): Promise<void> {
    return this.#stocks.read(productIds, (unknown) => this.tx.stocks.getMany(unknown));
  }

  /** @throws ConcurrentUpdateError the stock was changed since it was read */
  putStock(stock: Stock): Stock {
    return this.#stocks.put(stock);
  }

  /** Undefined when there is no such order. */
  async order(id: string): Promise<Order | undefined> {
    await this.#readOrders([id]);
    return this.#orders.get(id);
  }

  #readOrders(ids: readonly string[]): Promise<void> {
    return this.#orders.read(ids, (unknown) => this.tx.orders.findMany(unknown));
  }

  /** @throws ConcurrentUpdateError the order was changed since it was read */
  putOrder(order: Order): Order {
    return this.#orders.put(order);
  }

  addOrder(order: Order): void {
    const { id, userId } = order.state;
    if (this.#newOrders.has(id)) throw new RangeError(`order ${id} is saved twice in one unit`);
    this.#newOrders.set(id, order);
    this.#undo.push(() => this.#newOrders.delete(id));
    // @plant batch-counts-its-own-orders
    this.#claim(userId, 'unpaidOrders', order.slot, order.largestQuantity);
    // @end batch-counts-its-own-orders
  }

  #claim(userId: string, of: 'unpaidOrders' | 'holds', slot: number | undefined, units: number) {
    const claims = this.#claims.get(userId);
    if (!claims || slot === undefined) return;
    claims[of].push(slot);
    claims.units += units;
    this.#undo.push(() => {
      claims[of].splice(claims[of].lastIndexOf(slot), 1);
      claims.units -= units;
    });
  }

  /** Undefined when there is no such reservation. */
  async reservation(id: string): Promise<Reservation | undefined> {
    await this.#readReservations([id]);
    return this.#reservations.get(id);
  }

  #readReservations(ids: readonly string[]): Promise<void> {
    return this.#reservations.read(ids, (unknown) => this.tx.reservations.findMany(unknown));
  }

  /** @throws ConcurrentUpdateError the reservation was changed since it was read */
  putReservation(reservation: Reservation): Reservation {
    return this.#reservations.put(reservation);
  }

  addReservation(reservation: Reservation): void {
    const { id, userId, quantity } = reservation.state;
    this.#newReservations.set(id, reservation);
    this.#undo.push(() => this.#newReservations.delete(id));
    this.#claim(userId, 'holds', reservation.slot, quantity);
  }

  /** A user who never charged has an empty wallet of version 0. */
  async wallet(userId: string): Promise<Wallet> {
    await this.#readWallets([userId]);
    return this.#wallets.get(userId) ?? Wallet.open(userId);
  }

  #readWallets(userIds: readonly string[]): Promise<void> {
    return this.#wallets.read(userIds, (unknown) => this.tx.wallets.getMany(unknown));
  }

  /** @throws ConcurrentUpdateError the wallet was changed since it was read */
  moveWallet({ wallet, entry }: WalletMovement): Wallet {
    const moved = this.#wallets.put(wallet);
    const { length } = this.#entries;
    this.#entries.push(entry);
    this.#undo.push(() => void this.#entries.splice(length));
    return moved;
  }

  /** Undefined when the order has no payment. */
  async payment(orderId: string): Promise<Payment | undefined> {
    await this.#readPayments([orderId]);
    return this.#payments.get(orderId);
  }

  #readPayments(orderIds: readonly string[]): Promise<void> {
    return this.#payments.read(orderIds, (unknown) => this.tx.payments.findByOrders(unknown));
  }

  /** @throws ConcurrentUpdateError the order has another payment, or it was changed */
  putPayment(payment: Payment): Payment {
    return this.#payments.put(payment);
  }

  addMessages<C extends OutboxChannel>(channel: C, messages: readonly Outgoing[C][]): void {
    const { length } = this.#messages;
    this.#undo.push(() => void this.#messages.splice(length));
    for (const message of messages) this.#messages.push([channel, message]);
  }

  addRecords(records: readonly NewIdempotencyRecord[]): void {
    const { length } = this.#records;
    this.#records.push(...records);
    this.#undo.push(() => void this.#records.splice(length));
  }

  /**
   * Writes everything, one statement for each table, and all of them together. The outbox comes
   * last: then the database has locked every changed row, so a later transaction on the same row
   * has later events.
   *
   * @throws the error of the first write that failed; what comes after it may not be written
   */
  async flush(): Promise<void> {
    const { stocks, reservations, orders, wallets, payments, idempotencyRecords } = this.tx;
    await waitForAll([
      ifAny(this.#stocks.replacements, (rows) => stocks.replaceMany(rows)),
      ifAny([...this.#newOrders.values()], (rows) => orders.addMany(rows)),
      ifAny(this.#orders.replacements, (rows) => orders.replaceMany(rows)),
      ifAny([...this.#newReservations.values()], (rows) => reservations.addMany(rows)),
      // After the orders, which they name.
      ifAny(this.#reservations.replacements, (rows) => reservations.replaceMany(rows)),
      ifAny(this.#wallets.replacements, (rows) => wallets.moveMany(rows, this.#entries)),
      ifAny(this.#payments.replacements, (rows) => payments.replaceMany(rows)),
      ifAny(this.#records, (records) => idempotencyRecords.add(records)),
      ...this.#addToOutbox(),
    ]);
  }

  #addToOutbox(): Promise<void>[] {
    const channels = new Set(this.#messages.map(([name]) => name));
    return [...channels].map((channel) => {
      const messages = this.#messages.flatMap(([name, message]) =>
        name === channel ? [message] : [],
      );
      return this.tx.outbox.add(channel, messages as Outgoing[typeof channel][]);
    });
  }
}

function ifAny<T>(rows: readonly T[], write: (rows: readonly T[]) => Promise<void>) {
  return rows.length > 0 ? write(rows) : undefined;
}

function copyOf({ unpaidOrders, holds, units }: OpenClaims): Claims {
  return { unpaidOrders: [...unpaidOrders], holds: [...holds], units };
}

function entryOf<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}
