import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { InstanceFigures } from './cluster-schemas.js';

interface Value {
  readonly value: number;
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
}

/** Reads from the metrics of this instance what the panel shows. */
export async function instanceFigures(
  registry: Registry,
): Promise<{ readonly isInSync: boolean; readonly figures: z.output<typeof InstanceFigures> }> {
  const read = async (name: string): Promise<readonly Value[]> =>
    (await registry.getSingleMetric(name)?.get())?.values ?? [];
  const [invalidations, stale, waits, losses, outbox, lag, inSync] = await Promise.all([
    read('cache_invalidations_total'),
    read('cache_staleness_seconds'),
    read('lock_wait_seconds'),
    read('lock_leases_lost_total'),
    read('outbox_entries'),
    read('kafka_consumergroup_lag'),
    read('cache_in_sync'),
  ]);
  const invalidatedBy = (by: string) =>
    total(invalidations.filter(({ labels }) => labels['by'] === by));
  const ofOrders = (values: readonly Value[]) =>
    values.filter(({ labels }) => labels['channel'] === 'orders');
  const [orders, ordersLag] = [ofOrders(outbox), ofOrders(lag)];
  return {
    isInSync: total(inSync) === 1,
    figures: {
      invalidations: {
        byMessage: invalidatedBy('message'),
        byComparison: invalidatedBy('replay') + invalidatedBy('drop'),
      },
      staleness: stalenessOf(stale),
      lock: {
        waits: total(named(waits, 'lock_wait_seconds_count')),
        waitedMs: 1_000 * total(named(waits, 'lock_wait_seconds_sum')),
        leasesLost: total(losses),
      },
      queue: {
        outbox: orders.length > 0 ? known(total(orders)) : null,
        kafka: ordersLag.length > 0 ? known(total(ordersLag)) : null,
      },
    },
  };
}

/** Of a histogram: each bucket counts all values up to its bound, in seconds. */
function stalenessOf(values: readonly Value[]) {
  const samples = total(named(values, 'cache_staleness_seconds_count'));
  const buckets = named(values, 'cache_staleness_seconds_bucket').map(({ labels, value }) => ({
    bound: Number(labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : labels['le']),
    value,
  }));
  const [first] = buckets;
  const containing = buckets.find(({ value }) => value === samples)?.bound;
  return {
    samples,
    stale: samples - (first?.value ?? samples),
    atMostMs: containing === undefined || samples === 0 ? null : known(containing * 1_000),
  };
}

function named(values: readonly Value[], name: string): readonly Value[] {
  return values.filter(({ metricName }) => metricName === name);
}

function total(values: readonly Value[]): number {
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** A metric is NaN while its server does not answer. */
function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
