import type { OrderingExperiment } from '../../experiment.js';
import { arrivalFigures, type Purchase } from '../../support/ordering/arrival-order.js';
import { rush, type Way } from '../../support/ordering/buyers.js';
import { ConnectionPeak } from '../../support/ordering/connection-peak.js';
import { OrderingRun, type OrderingServers } from '../../support/ordering/ordering-run.js';
import type { OrderingOutcome, RunReport } from '../../support/run-report.js';
import { distribution, percentile } from '../../support/wait-figures.js';

const INSTANCES = 2;
/**
 * Milliseconds between two buyers. A thousand buyers a second are more than either way can serve.
 */
const EVERY_MS = 1;
/** Less than 1, so that both ways also refuse some. */
const SHARE_OF_UNITS = 0.8;
/** The first orders of a new process are slower than later ones. */
const WARM_UP = 40;

/**
 * All buyers want the same product, from two instances of the whole service. With the **lock** each
 * order is decided while its buyer waits. With the **queue** the buyer gets an acceptance at once
 * and follows the result. One consumer settles the orders of the product in the order of their
 * acceptance, up to 64 in one transaction.
 */
export const lockAgainstQueue: OrderingExperiment = {
  id: 'lock-against-queue',
  title: 'Lock and queue on the same hot product',
  question: 'Neither sells a unit too many. What does each cost, and who is served first?',
  needs: 'kafka',
  async run({ databaseUrl, redisUrl, kafkaBrokers }, { requests = 400 } = {}) {
    if (!kafkaBrokers) throw new Error('lock-against-queue needs KAFKA_BROKERS=host:port');
    const servers = { databaseUrl, redisUrl, kafkaBrokers };
    return [await measure(servers, 'lock', requests), await measure(servers, 'queue', requests)];
  },
};

async function measure(
  servers: OrderingServers,
  way: Way,
  buyers: number,
): Promise<RunReport<OrderingOutcome>> {
  await using run = await OrderingRun.open(servers, INSTANCES);
  const warm = await run.product(WARM_UP);
  await rush(run, { way, productId: warm, buyers: WARM_UP, everyMs: EVERY_MS * 5 });
  const units = Math.floor(buyers * SHARE_OF_UNITS);
  const productId = await run.product(units);
  await using connections = new ConnectionPeak(run.sequelize, run.schema);
  const purchases = await rush(run, { way, productId, buyers, everyMs: EVERY_MS });
  const outcome = {
    ...figuresOf(purchases, units),
    unitsLeft: await run.unitsLeft(productId),
    connections: await connections.stop(),
  };
  return { variant: way, timeline: [], outcome };
}

function figuresOf(purchases: readonly Purchase[], units: number) {
  const sold = purchases.filter(({ orderId }) => orderId !== undefined).length;
  const firstMs = Math.min(...purchases.map(({ sentMs }) => sentMs));
  const lastMs = Math.max(...purchases.map(({ settledMs }) => settledMs));
  const settled = purchases.map(({ sentMs, settledMs }) => settledMs - sentMs);
  const accepted = purchases.map(({ sentMs, acceptedMs }) => acceptedMs - sentMs);
  return {
    buyers: purchases.length,
    sold,
    oversold: Math.max(0, sold - units),
    settledPerSecond: (1_000 * purchases.length) / (lastMs - firstMs),
    answeredP50Ms: percentile(accepted, 0.5),
    answeredP99Ms: percentile(accepted, 0.99),
    settledP50Ms: percentile(settled, 0.5),
    settledP99Ms: percentile(settled, 0.99),
    settledMs: distribution(settled),
    ...arrivalFigures(purchases),
  };
}
