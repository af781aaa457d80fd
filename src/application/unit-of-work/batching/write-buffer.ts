import type { OutboxChannel, Outgoing } from '../../../domain/events/outbox.js';
import type { NewIdempotencyRecord } from '../../../domain/idempotency/idempotency-records.js';
import type { Order } from '../../../domain/orders/order.js';
import type { Counted, OpenClaims } from '../../../domain/orders/quotas.js';
import { ConcurrentUpdateError } from '../../../domain/ports/failures.js';
import type { Transaction } from '../../../domain/ports/unit-of-work.js';
import { type Buyer, type Offer, Offers } from '../../../domain/stock/offers.js';
import { Stock } from '../../../domain/stock/stock.js';

/** Open claims of a customer, including those of orders that are not written yet. */
interface Claims {
  readonly unpaidOrders: number[];
  readonly holds: readonly number[];
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
  readonly #stocks = new Map<string, Stock>();
  readonly #prices = new Map<string, number>();
  readonly #claims = new Map<string, Claims>();
  /** The versions of the changed stocks as they are in the database. */
  readonly #readVersions = new Map<string, number>();
  readonly #orders = new Map<string, Order>();
  readonly #messages: [OutboxChannel, Outgoing[OutboxChannel]][] = [];
  readonly #records: NewIdempotencyRecord[] = [];
  /** Steps that undo what the current member did; the last step runs first. */
  readonly #undo: (() => void)[] = [];

  constructor(private readonly tx: Transaction) {}

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return (
      this.#readVersions.size + this.#orders.size + this.#messages.length + this.#records.length ===
      0
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

  /** Reads by one statement what these buyers need and the buffer does not contain yet. */
  async read(buyers: readonly Buyer[], counted: readonly Counted[]): Promise<void> {
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
    if (!this.#stocks.has(productId)) this.#stocks.set(productId, offer.stock);
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

  /** Units of the customer by product, with those of orders that are not written yet. */
  async openUnits(userId: string, productIds: readonly string[]): Promise<Map<string, number>> {
    const units = new Map(await this.tx.stocks.getOpenUnits(userId, productIds));
    // @plant batch-counts-its-own-units
    for (const { state, slot } of this.#orders.values()) {
      if (state.userId !== userId || slot === undefined) continue;
      for (const { productId, quantity } of state.items) {
        units.set(productId, (units.get(productId) ?? 0) + quantity);
      }
    }
    // @end batch-counts-its-own-units
    return units;
  }

  /** The stocks, in the order of `productIds`. */
  async stocks(productIds: readonly string[]): Promise<Stock[]> {
    const unknown = productIds.filter((id) => !this.#stocks.has(id));
    const read = unknown.length > 0 ? await this.tx.stocks.getMany(unknown) : [];
    for (const stock of read) this.#stocks.set(stock.state.productId, stock);
    return productIds.flatMap((id) => this.#stocks.get(id) ?? []);
  }

  /**
   * @returns the stock with its new version
   * @throws ConcurrentUpdateError the stock was changed since it was read
   */
  putStock({ state }: Stock): Stock {
    const { productId, version } = state;
    const before = this.#stocks.get(productId);
    if (before && before.state.version !== version) {
      throw new ConcurrentUpdateError(`stock ${productId} has changed`);
    }
    const saved = Stock.restore({ ...state, version: version + 1 });
    const readVersion = this.#readVersions.get(productId);
    this.#stocks.set(productId, saved);
    this.#readVersions.set(productId, readVersion ?? version);
    this.#undo.push(() => {
      restore(this.#stocks, productId, before);
      restore(this.#readVersions, productId, readVersion);
    });
    return saved;
  }

  addOrder(order: Order): void {
    const { id, userId } = order.state;
    this.#orders.set(id, order);
    this.#undo.push(() => this.#orders.delete(id));
    const claims = this.#claims.get(userId);
    const { slot } = order;
    if (!claims || slot === undefined) return;
    // @plant batch-counts-its-own-orders
    claims.unpaidOrders.push(slot);
    claims.units += order.largestQuantity;
    // @end batch-counts-its-own-orders
    this.#undo.push(() => {
      claims.unpaidOrders.splice(claims.unpaidOrders.lastIndexOf(slot), 1);
      claims.units -= order.largestQuantity;
    });
  }

  hasOrder(id: string): boolean {
    return this.#orders.has(id);
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
   * Writes everything, one statement for each table. The outbox comes last: then the database has
   * locked every changed row, so a later transaction on the same row has later events.
   */
  async flush(): Promise<void> {
    const replacements = [...this.#readVersions].flatMap(([productId, readVersion]) => {
      const stock = this.#stocks.get(productId);
      return stock ? [{ state: stock.state, readVersion }] : [];
    });
    if (replacements.length > 0) await this.tx.stocks.replaceMany(replacements);
    if (this.#orders.size > 0) await this.tx.orders.addMany([...this.#orders.values()]);
    const [record] = this.#records;
    if (record && this.#records.length === 1) await this.tx.idempotencyRecords.add(record);
    else if (record) await this.tx.idempotencyRecords.addMany(this.#records);
    for (const channel of new Set(this.#messages.map(([name]) => name))) {
      const messages = this.#messages.flatMap(([name, message]) =>
        name === channel ? [message] : [],
      );
      await this.tx.outbox.add(channel, messages as Outgoing[typeof channel][]);
    }
  }
}

function copyOf({ unpaidOrders, holds, units }: OpenClaims): Claims {
  return { unpaidOrders: [...unpaidOrders], holds, units };
}

function entryOf<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}

function restore<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
