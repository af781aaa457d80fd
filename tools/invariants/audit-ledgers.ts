import type { CustomerState, OrderSent, OrderState, PaymentSent, ShopState } from './shop-state.js';
import { type Verdict, verdictOf } from './verdict.js';

/** Orders with these states have returned their units. */
const RETURNED = new Set(['CANCELLED', 'EXPIRED']);

/** Checks that must hold after any traffic and any fault, once no request is in progress. */
export function auditShop(state: ShopState): Verdict[] {
  return [...auditSums(state), ...auditOrders(state)];
}

/** Checks that must hold even without an order. */
export function auditSums(state: ShopState): Verdict[] {
  const { products, customers } = state;
  return [
    verdictOf('stock + held + sold = initial for every product', products.length, stocks(state)),
    verdictOf('balance = ledger for every wallet', customers.length, wallets(state)),
  ];
}

/** Payments by points. The customers pay no other orders by points, and do not cancel paid ones. */
export function auditPayments(
  customers: readonly CustomerState[],
  payments: readonly PaymentSent[],
): Verdict[] {
  const sentBy = Map.groupBy(payments, ({ userId }) => userId);
  const lost: string[] = [];
  const unequal: string[] = [];
  for (const { userId, orders, entries } of customers) {
    const sent = sentBy.get(userId) ?? [];
    const paid = new Set(orders.flatMap(({ id, status }) => (status === 'PAID' ? id : [])));
    for (const { orderId, status } of sent) {
      if (isAcknowledged(status) && !paid.has(orderId)) lost.push(`${userId}: order ${orderId}`);
    }
    const expected = new Set(sent.flatMap(({ orderId }) => (paid.has(orderId) ? orderId : [])));
    const found = entries.filter((amount) => amount < 0).length;
    if (found === expected.size) continue;
    unequal.push(`${userId}: ${found} payments in the ledger, ${expected.size} paid orders`);
  }
  const acknowledged = payments.filter(({ status }) => isAcknowledged(status)).length;
  return [
    verdictOf('every order with an acknowledged payment is paid', acknowledged, lost),
    verdictOf('each paid order is in the ledger once', acknowledged, unequal),
  ];
}

function isAcknowledged(status: number): boolean {
  return status >= 200 && status < 300;
}

function auditOrders(state: ShopState): Verdict[] {
  const { orders } = state;
  const answered = orders.filter(({ status }) => status === 201).length;
  return [
    verdictOf('every acknowledged order exists', answered, acknowledged(state)),
    verdictOf('one order at most for one idempotency key', orders.length, repeats(state)),
  ];
}

function stocks({ products, customers }: ShopState): string[] {
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

function wallets({ customers }: ShopState): string[] {
  return customers.flatMap(({ userId, balance, entries }) => {
    const sum = entries.reduce((total, amount) => total + amount, 0);
    const isRight = balance === sum && balance >= 0;
    return isRight ? [] : [`${userId}: a balance of ${balance}, a ledger of ${sum}`];
  });
}

function acknowledged({ customers, orders }: ShopState): string[] {
  const existing = new Map(customers.map((customer) => [customer.userId, idsOf(customer.orders)]));
  return orders.flatMap(({ userId, key, status, orderId }) => {
    if (status !== 201) return [];
    if (orderId && existing.get(userId)?.has(orderId)) return [];
    return [`${userId} got order ${orderId} for key ${key}, which does not exist`];
  });
}

function repeats({ customers, orders }: ShopState): string[] {
  const byUser = Map.groupBy(orders, ({ userId }) => userId);
  return customers.flatMap((customer) => repeatsOf(customer, byUser.get(customer.userId) ?? []));
}

/**
 * Two orders answered for one key are a repeat. Orders that were never answered must not be more than
 * the keys whose outcome is not known.
 */
function repeatsOf({ userId, orders }: CustomerState, sent: readonly OrderSent[]): string[] {
  const byKey = Map.groupBy(sent, ({ key }) => key);
  const answered = new Set(sent.flatMap(({ orderId }) => orderId ?? []));
  const twice = [...byKey].flatMap(([key, attempts]) => {
    const ids = new Set(attempts.flatMap(({ orderId }) => orderId ?? []));
    return ids.size > 1 ? [`${userId} has ${[...ids].join(' and ')} for key ${key}`] : [];
  });
  const open = [...byKey.values()].filter(isOpen).length;
  const unanswered = orders.filter(({ id }) => !answered.has(id)).length;
  if (unanswered <= open) return twice;
  return [...twice, `${userId} has ${unanswered} orders without an answer, for ${open} open keys`];
}

/** Whether the outcome is not known: no 201, and at least one attempt that may have succeeded. */
function isOpen(attempts: readonly OrderSent[]): boolean {
  const isAnswered = attempts.some(({ status }) => status === 201);
  return !isAnswered && attempts.some(({ status }) => status === 0 || status >= 500);
}

function idsOf(orders: readonly OrderState[]): Set<string> {
  return new Set(orders.map(({ id }) => id));
}
