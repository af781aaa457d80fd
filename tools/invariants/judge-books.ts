import type { Books, CustomerBook, OrderBook, OrderSent } from './books.js';
import { type Verdict, verdictOf } from './verdict.js';

/** An order in one of these has given its units back. */
const RETURNED = new Set(['CANCELLED', 'EXPIRED']);

/** What must hold after any traffic and any fault, once it is quiet again. */
export function judgeBooks(books: Books): Verdict[] {
  return [...judgeSums(books), ...judgeOrders(books)];
}

/** What must hold even where nobody has ordered. */
export function judgeSums(books: Books): Verdict[] {
  const { products, customers } = books;
  return [
    verdictOf('stock + held + sold = initial for every product', products.length, stocks(books)),
    verdictOf('balance = ledger for every wallet', customers.length, wallets(books)),
  ];
}

function judgeOrders(books: Books): Verdict[] {
  const { orders } = books;
  const answered = orders.filter(({ status }) => status === 201).length;
  return [
    verdictOf('every acknowledged order exists', answered, acknowledged(books)),
    verdictOf('one order at most for one idempotency key', orders.length, repeats(books)),
  ];
}

function stocks({ products, customers }: Books): string[] {
  const sold = new Map<string, number>();
  for (const { status, items } of customers.flatMap(({ orders }) => orders)) {
    if (RETURNED.has(status)) continue;
    for (const { productId, quantity } of items) {
      sold.set(productId, (sold.get(productId) ?? 0) + quantity);
    }
  }
  return products.flatMap(({ id, initial, available, held }) => {
    const gone = sold.get(id) ?? 0;
    const isRight = available + held + gone === initial && available >= 0 && held >= 0;
    const found = `${available} available, ${held} held, ${gone} sold`;
    return isRight ? [] : [`${id}: ${found}, of ${initial}`];
  });
}

function wallets({ customers }: Books): string[] {
  return customers.flatMap(({ userId, balance, entries }) => {
    const sum = entries.reduce((total, amount) => total + amount, 0);
    const isRight = balance === sum && balance >= 0;
    return isRight ? [] : [`${userId}: a balance of ${balance}, a ledger of ${sum}`];
  });
}

function acknowledged({ customers, orders }: Books): string[] {
  const existing = new Map(customers.map((customer) => [customer.userId, idsOf(customer.orders)]));
  return orders.flatMap(({ userId, key, status, orderId }) => {
    if (status !== 201) return [];
    if (orderId && existing.get(userId)?.has(orderId)) return [];
    return [`${userId} was told of order ${orderId} for key ${key}`];
  });
}

function repeats({ customers, orders }: Books): string[] {
  const byUser = Map.groupBy(orders, ({ userId }) => userId);
  return customers.flatMap((customer) => repeatsOf(customer, byUser.get(customer.userId) ?? []));
}

/**
 * Two orders that were told for one key are a repeat for certain. Orders that nobody was told of
 * need as many keys whose outcome nobody was told either.
 */
function repeatsOf({ userId, orders }: CustomerBook, sent: readonly OrderSent[]): string[] {
  const byKey = Map.groupBy(sent, ({ key }) => key);
  const told = new Set(sent.flatMap(({ orderId }) => orderId ?? []));
  const twice = [...byKey].flatMap(([key, attempts]) => {
    const ids = new Set(attempts.flatMap(({ orderId }) => orderId ?? []));
    return ids.size > 1 ? [`${userId} has ${[...ids].join(' and ')} for key ${key}`] : [];
  });
  const open = [...byKey.values()].filter(isOpen).length;
  const untold = orders.filter(({ id }) => !told.has(id)).length;
  if (untold <= open) return twice;
  return [...twice, `${userId} has ${untold} orders nobody was told of, for ${open} open keys`];
}

/** Never told an order's id, nor refused by every attempt. */
function isOpen(attempts: readonly OrderSent[]): boolean {
  const isAnswered = attempts.some(({ status }) => status === 201);
  return !isAnswered && attempts.some(({ status }) => status === 0 || status >= 500);
}

function idsOf(orders: readonly OrderBook[]): Set<string> {
  return new Set(orders.map(({ id }) => id));
}
