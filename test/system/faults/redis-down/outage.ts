import { percentile } from '../../../../bench/statistics.js';
import { figure, type Table } from '../../../../bench/table.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import type { Span } from '../fuzz/fuzz-record.js';
import type { OrderSeen } from './order-load.js';

/** An outage of Redis under load, as the clients saw it. */
export interface Outage {
  readonly units: number;
  readonly left: number;
  readonly everyMs: number;
  /**
   * Orders sent within this time after the kill may be refused, because they may wait in Redis.
   * Later ones may not.
   */
  readonly breakerMs: number;
  readonly span: Span;
  readonly orders: readonly OrderSeen[];
  /** Time from the restart of Redis until both instances used the lock again. */
  readonly recoveryMs: number | undefined;
}

export function judgeOutage(outage: Outage): Verdict[] {
  const { units, left, span, orders, recoveryMs, breakerMs } = outage;
  const sold = orders.filter(({ status }) => status === 201).length;
  const isExpected = ({ status, sentAt, settledAt }: OrderSeen) =>
    status === 201 || (status === 503 && settledAt >= span.from && sentAt <= span.from + breakerMs);
  const unexpected = orders.filter((order) => !isExpected(order));
  return [
    verdictOf(
      'nothing oversold, no acknowledged order lost',
      sold,
      left === units - sold ? [] : [`${units} units, ${sold} sold, ${left} left`],
    ),
    verdictOf(
      `5xx only to what was sent in the first ${breakerMs / 1_000} s, nothing else refused`,
      orders.length,
      unexpected.map(
        ({ status, sentAt }) =>
          `${status} to what was sent ${figure(sentAt - span.from)} ms after the outage began`,
      ),
    ),
    verdictOf('orders continue meanwhile', secondsOf(span), standstills(outage)),
    verdictOf(
      'the lock is used again by itself',
      orders.length,
      recoveryMs === undefined ? ['not within the time limit'] : [],
    ),
  ];
}

/**
 * Seconds of the outage in which less than a tenth of the orders was acknowledged, so the service
 * stood still.
 */
function standstills({ span, orders, everyMs }: Outage): string[] {
  return Array.from({ length: secondsOf(span) }, (_, second) => {
    const from = span.from + second * 1_000;
    const isIn = ({ settledAt }: OrderSeen) => settledAt >= from && settledAt < from + 1_000;
    const count = orders.filter((order) => order.status === 201 && isIn(order)).length;
    return count >= 100 / everyMs ? '' : `${count} orders in second ${second + 1}`;
  }).filter(Boolean);
}

/** Whole seconds. */
function secondsOf({ from, to }: Span): number {
  return Math.floor((to - from) / 1_000);
}

export function outageFigures({ span, orders, recoveryMs }: Outage): Table[] {
  const times = orders.flatMap(({ sentAt, settledAt }) => [sentAt, settledAt]);
  const phases: readonly [string, Span][] = [
    ['before', { from: Math.min(...times), to: span.from }],
    ['meanwhile', span],
    ['after', { from: span.to, to: Math.max(...times) }],
  ];
  const rows = phases.map(([name, { from, to }]) => {
    const sent = orders.filter(({ sentAt }) => sentAt >= from && sentAt < to);
    const acknowledged = sent.filter(({ status }) => status === 201);
    const latencies = acknowledged.map(({ sentAt, settledAt }) => settledAt - sentAt);
    return [
      name,
      figure((to - from) / 1_000),
      String(sent.length),
      figure(acknowledged.length / ((to - from) / 1_000)),
      String(sent.filter(({ status }) => status >= 500).length),
      ...[0.5, 0.99, 1].map((share) => figure(percentile(latencies, share))),
    ];
  });
  const latency = ['p50 ms', 'p99 ms', 'max ms'];
  return [
    {
      title: `orders by when they were sent; the lock was used again after ${figure(recoveryMs ?? Number.NaN)} ms`,
      columns: ['Redis down', 'seconds', 'orders', 'sold/s', '5xx', ...latency],
      rows,
    },
  ];
}
