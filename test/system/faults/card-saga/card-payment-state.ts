import path from 'node:path';
import type { OrderSums } from '../../../../src/adapters/payment/sandbox/charge-ledger.js';
import { openMysql } from '../../../../src/adapters/persistence/sql/connections/mysql-database.js';
import type { SqlDatabase } from '../../../../src/adapters/persistence/sql/connections/sql-database.js';
import { openSqlite } from '../../../../src/adapters/persistence/sql/sqlite/sqlite-database.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { Env } from '../../../support/backends.js';
import type { Customer } from './customer.js';

export interface OrderEnd {
  readonly id: string;
  readonly status: string;
  readonly total: number;
}

/** The state of the database and of the gateway's charges. */
export interface CardPaymentState {
  readonly orders: readonly OrderEnd[];
  readonly ledger: readonly OrderSums[];
  /** Card payments that are not settled, as `id status`. */
  readonly open: readonly string[];
  /** Payments that took money and refunded it, although their order was never paid. */
  readonly early: readonly string[];
  readonly units: { readonly available: number; readonly initial: number };
}

/** Reads the database of the instances directly. */
export async function readDatabase(
  env: Env,
  productId: string,
): Promise<Omit<CardPaymentState, 'ledger' | 'units'> & { available: number }> {
  const database = await openDatabaseOf(env);
  try {
    const { orders, cardPayments, stocks } = database.tables;
    const stock = await stocks.findByPk(productId);
    const payments = (await cardPayments.findAll()).map((row) => row.get());
    const open = payments.filter(({ dueAt }) => dueAt !== null);
    const refunds = payments.filter(({ status }) => status.startsWith('REFUND'));
    return {
      orders: (await orders.findAll()).map((row) => row.get()),
      open: open.map(({ id, status }) => `${id} ${status}`),
      early: refunds.filter(({ paidAt }) => paidAt === null).map(({ id }) => id),
      available: stock?.get().available ?? 0,
    };
  } finally {
    await database.close();
  }
}

async function openDatabaseOf(env: Env): Promise<SqlDatabase> {
  const { DATABASE_URL: url, DATA_DIR = '' } = env;
  if (!url) return openSqlite({ file: path.join(DATA_DIR, 'lockstep.sqlite'), busyMs: 5_000 });
  return openMysql({ url, poolMax: 1, acquireMs: 5_000, connectMs: 2_000, queryMs: 8_000 });
}

/** The claims that must hold after all is settled, at whatever point the instances died. */
export function judgeCards(state: CardPaymentState, customers: readonly Customer[]): Verdict[] {
  const { orders, ledger, open, early } = state;
  const paid = customers.filter(({ isToldPaid }) => isToldPaid).length;
  const wrong = [...sums(state), ...money(state)];
  return [
    verdictOf('money taken = orders paid, to the point', ledger.length, wrong),
    verdictOf('no money is taken before its order is paid', ledger.length, early),
    verdictOf('nothing is left held on a card', ledger.length, held(state)),
    verdictOf('every card payment is settled', ledger.length, open),
    verdictOf(
      'every acknowledged payment and cancellation happened',
      paid,
      acknowledged(state, customers),
    ),
    verdictOf('stock + sold = initial', orders.length, units(state)),
  ];
}

const kept = ({ captured, refunded }: OrderSums) => captured - refunded;

function sums({ orders, ledger }: CardPaymentState): string[] {
  const taken = ledger.reduce((sum, one) => sum + kept(one), 0);
  const paid = orders.reduce((sum, one) => sum + (one.status === 'PAID' ? one.total : 0), 0);
  return taken === paid ? [] : [`${taken} taken, ${paid} paid`];
}

function money({ orders, ledger }: CardPaymentState): string[] {
  const byOrder = new Map(ledger.map((one) => [one.orderId, one]));
  return orders.flatMap(({ id, status, total }) => {
    const sums = byOrder.get(id);
    const taken = sums ? kept(sums) : 0;
    return taken === (status === 'PAID' ? total : 0) ? [] : [`${id} ${status}: ${taken} taken`];
  });
}

function held({ ledger }: CardPaymentState): string[] {
  return ledger.flatMap(({ orderId, authorised }) =>
    authorised === 0 ? [] : [`${orderId}: ${authorised}`],
  );
}

function acknowledged({ orders }: CardPaymentState, customers: readonly Customer[]): string[] {
  const status = new Map(orders.map((order) => [order.id, order.status]));
  return customers.flatMap(({ orderId = '', isToldPaid, isCancelling }) => {
    if (!isToldPaid) return [];
    const end = status.get(orderId);
    return end === 'PAID' || (isCancelling && end === 'CANCELLED') ? [] : [`${orderId} ${end}`];
  });
}

function units({ orders, units: { available, initial } }: CardPaymentState): string[] {
  const sold = orders.filter(({ status }) => status === 'PAID' || status === 'PENDING_PAYMENT');
  return available + sold.length === initial ? [] : [`${available} + ${sold.length}`];
}
