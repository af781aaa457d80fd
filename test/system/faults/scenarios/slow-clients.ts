import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { figure, type Table } from '../../../../bench/table.js';
import { type Verdict, verdictOf } from '../../../../tools/invariants/verdict.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { samples } from '../../../adapters/http/support/prometheus-samples.js';
import { ApiClient } from '../../../support/api-client.js';
import { embedded } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { orderOf } from '../../../support/shop.js';
import {
  DeafReader,
  IdleClient,
  type SlowClient,
  SlowWriter,
} from '../slow-clients/slow-client.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';
import { BESIDES_HEAP_MB, mostMemory } from '../support/most-memory.js';

/** The number of clients of each kind, and the memory of the instance. */
interface ClientMix {
  readonly readers: number;
  readonly idle: number;
  readonly writers: number;
  readonly heapMb: number;
  readonly headersMs: number;
  readonly requestMs: number;
  readonly stallMs: number;
  /** Tolerance for a time limit on this busy machine, in milliseconds. */
  readonly lateMs: number;
}

/** Requests of a connection: many more than may wait. The service gets them with one read. */
const MANY = 1_300;
/**
 * As many requests as may wait. Their answers are larger than the buffers of the system for a
 * client.
 */
const SOME = 20;
const LARGE_FILE = '/docs/swagger-ui-bundle.js';
const CUSTOMERS = 8;

interface Served {
  readonly statuses: Record<number, number>;
  readonly times: number[];
  readonly failures: string[];
}

export async function reportSlowClients(
  { seconds }: FaultOptions,
  population: ClientMix,
): Promise<FaultReport> {
  await using open = await embedded.open();
  const env = {
    ...open.env,
    HTTP_HEADERS_MS: `${population.headersMs}`,
    HTTP_REQUEST_MS: `${population.requestMs}`,
    HTTP_STALL_MS: `${population.stallMs}`,
    // No quota, because the customers never pay, and order during the whole run.
    QUOTA_UNPAID_ORDERS: '0',
  };
  const heap = { NODE_OPTIONS: `--max-old-space-size=${population.heapMb}` };
  await using instance = await InstanceProcess.start({ ...env, ...heap });
  const { url } = instance;
  const productId = await fillCatalogue(await ApiClient.of(url, env, 'admin', 'admin'));
  const customers = await Promise.all(
    Array.from({ length: CUSTOMERS }, (_, i) => ApiClient.of(url, env, `customer-${i}`)),
  );
  const { token } = await ApiClient.of(url, env, 'slow');
  const some = <T>(count: number, one: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => one(i));
  const readers = some(population.readers, (i) =>
    i % 2 === 0
      ? new DeafReader(url, '/v1/products?limit=100', MANY)
      : new DeafReader(url, LARGE_FILE, SOME),
  );
  const idle = some(population.idle, (i) => new IdleClient(url, i % 2 === 0));
  const writers = some(
    population.writers,
    (i) => new SlowWriter(url, String(token), i % 2 === 0 ? 'headers' : 'body'),
  );
  // The clients with a time limit come first, because the last ones wait seconds until they are
  // accepted.
  const all: SlowClient[] = [...writers, ...idle, ...readers];

  const operator = new ApiClient(url);
  const over = new AbortController();
  const served: Served = { statuses: {}, times: [], failures: [] };
  for (const client of all) client.open();
  const memory = mostMemory(operator, over.signal);
  const shopping = customers.map((customer) => shop(customer, productId, over.signal, served));
  await sleep(seconds * 1_000);
  const cutOff = await everyReason(operator, writers);
  over.abort();
  await Promise.all(shopping);
  const memoryMb = await memory;
  for (const client of all) client.close();
  const outcome = { population, served, memoryMb, cutOff, writers, hasEnded: instance.hasEnded };
  return {
    done: [
      `${population.readers} clients read nothing, half of them of ${MANY} answers`,
      `${population.idle} clients were idle`,
      `${population.writers} clients sent two bytes a second`,
    ],
    verdicts: judge(outcome),
    figures: [figuresOf(outcome)],
  };
}

/** A page of 100 of these products is as long as a page can be. Returns the id of one of them. */
async function fillCatalogue(admin: ApiClient): Promise<string> {
  const product = { name: '🍵'.repeat(100), price: 1, category: 'tea', stock: 1_000_000 };
  let id = '';
  for (let i = 0; i < 100; i++) {
    const { body } = await admin.post('/v1/products', { ...product, sku: `SLOW-${i}` });
    id = body.id;
  }
  return id;
}

/** What another customer does meanwhile, one request after the other. */
async function shop(customer: ApiClient, productId: string, over: AbortSignal, served: Served) {
  for (let i = 0; !over.aborted; i++) {
    const begun = performance.now();
    try {
      const { status } =
        i % 2 === 0
          ? await customer.get('/v1/products?limit=100')
          : await customer.post('/v1/orders', orderOf(productId));
      served.statuses[status] = (served.statuses[status] ?? 0) + 1;
    } catch (error) {
      served.failures.push(String(error));
      await sleep(100);
    }
    served.times.push(performance.now() - begun);
  }
}

/** Why clients that read nothing are disconnected. */
const REASONS = ['pipelined', 'stalled'] as const;

/** How often clients were disconnected, by reason. Waits until each kind has ended. */
async function everyReason(operator: ApiClient, writers: readonly SlowWriter[]) {
  let cutOff: Record<string, number> = {};
  await eventually(async () => {
    cutOff = await cutOffs(operator);
    expect(REASONS.filter((reason) => !cutOff[reason])).to.deep.equal([]);
    expect(writers.filter(({ lives }) => lives.length === 0)).to.have.length(0);
  }).catch(() => undefined);
  return cutOff;
}

async function cutOffs(operator: ApiClient): Promise<Record<string, number>> {
  const { body } = await operator.get('/metrics');
  const counted = samples(body).filter(({ name }) => name === 'http_connections_cut_off_total');
  return Object.fromEntries(
    counted.map(({ labels, value }) => [/reason="(\w+)"/.exec(labels)?.[1] ?? '', value]),
  );
}

interface Outcome {
  readonly population: ClientMix;
  readonly served: Served;
  readonly memoryMb: number;
  readonly cutOff: Readonly<Record<string, number>>;
  readonly writers: readonly SlowWriter[];
  readonly hasEnded: boolean;
}

function judge({ population, served, memoryMb, cutOff, writers, hasEnded }: Outcome): Verdict[] {
  const { statuses, failures } = served;
  const refused = Object.entries(statuses).filter(([status]) => !['200', '201'].includes(status));
  const mostMb = population.heapMb + BESIDES_HEAP_MB;
  const limits = { headers: population.headersMs, body: population.requestMs };
  return [
    verdictOf('the instance lives', 1, hasEnded ? ['it ended'] : []),
    verdictOf('everyone else is served', served.times.length, [
      ...failures,
      ...refused.map(([status, times]) => `${times} times ${status}`),
      ...[200, 201].filter((status) => !statuses[status]).map((status) => `never ${status}`),
    ]),
    verdictOf(
      `it stays under ${mostMb} MB`,
      Math.ceil(memoryMb),
      memoryMb < mostMb ? [] : [`${memoryMb.toFixed(0)} MB`],
    ),
    verdictOf(
      'clients that read nothing are cut off, greedy or not',
      population.readers,
      REASONS.filter((reason) => !cutOff[reason]),
    ),
    verdictOf(
      'slow requests end in time, with 408',
      writers.length,
      writers.flatMap(({ part, statuses: [first], lives: [life = Infinity] }) =>
        first === 408 && life < limits[part] + population.lateMs
          ? []
          : [`${part}: ${first} after ${life.toFixed(0)} ms`],
      ),
    ),
  ];
}

function figuresOf({ served, memoryMb, cutOff, writers }: Outcome): Table {
  const times = served.times.toSorted((a, b) => a - b);
  const at = (share: number) => `${figure(times[Math.floor(times.length * share)] ?? NaN)} ms`;
  const longest = (part: SlowWriter['part']) =>
    Math.max(...writers.filter((writer) => writer.part === part).flatMap(({ lives }) => lives));
  return {
    title: 'what was measured',
    columns: ['', 'value'],
    rows: [
      ['answers to others', JSON.stringify(served.statuses)],
      ['their median time', at(0.5)],
      ['their 99th percentile', at(0.99)],
      ['most resident memory', `${memoryMb.toFixed(0)} MB`],
      ['connections cut off', JSON.stringify(cutOff)],
      ['longest slow headers', `${figure(longest('headers'))} ms`],
      ['longest slow body', `${figure(longest('body'))} ms`],
    ],
  };
}

export const slowClients: FaultScenario = {
  name: 'slow-clients',
  title: '200 readers that do not read, 1,000 idle connections, 100 slow writers; a heap of 256 MB',
  seconds: 60,
  run: (options) =>
    reportSlowClients(options, {
      ...{ readers: 200, idle: 1_000, writers: 100, heapMb: 256 },
      ...{ headersMs: 10_000, requestMs: 30_000, stallMs: 20_000, lateMs: 3_000 },
    }),
};
