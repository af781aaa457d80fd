import { setTimeout as sleep } from 'node:timers/promises';
import { requestBytes } from '../../../../bench/service/load/connection.js';
import { drive } from '../../../../bench/service/load/drive.js';
import { driveAtRate } from '../../../../bench/service/load/drive-at-rate.js';
import { figure, type Table } from '../../../../bench/table.js';
import { ApiClient } from '../../../support/api-client.js';
import { type Env, embedded } from '../../../support/backends.js';
import { InstanceProcess } from '../../../support/instance-process.js';
import { addProduct, orderOf } from '../../../support/shop.js';
import { flood } from '../flood/flood.js';
import {
  type FloodEvidence,
  type FloodRound,
  judgeAnswers,
  judgeTimes,
  p99Of,
  type Served,
} from '../flood/judge-flood.js';
import {
  DeafReader,
  IdleClient,
  type SlowClient,
  SlowWriter,
} from '../slow-clients/slow-client.js';
import type { FaultOptions, FaultReport, FaultScenario } from '../support/fault-scenario.js';
import { BESIDES_HEAP_MB, mostMemory } from '../support/most-memory.js';

/** Sizes of a run. */
interface FloodPlan {
  /** How many times a few users flood. */
  readonly rounds: number;
  readonly slowClients: number;
  /** Connections of the flood from everywhere. */
  readonly connections: number;
  readonly heapMb: number;
  /** Requests of all customers, as a share of the capacity. */
  readonly usualShare: number;
  /** Most writes of one user, as a share of the capacity. */
  readonly userShare: number;
  /** Delay of the event loop at which load is shed, in milliseconds; 0: never. */
  readonly maxDelayMs: number;
  /** Whether the times are judged; a busy machine has others. */
  readonly judgesTimes: boolean;
}

const CUSTOMERS = 20;
const ATTACKERS = 4;
const TIMES_CAPACITY = 10;
const WARM_UP_MS = 1_000;
/** A request that is not answered in this time after the others is never answered. */
const ANSWER_MS = 60_000;

export async function reportFlood(
  { seconds }: FaultOptions,
  plan: FloodPlan,
): Promise<FaultReport> {
  // Three phases a round, and three for the capacity, the flood from everywhere and the time after it.
  const phaseMs = (seconds * 1_000) / (3 * plan.rounds + 3);
  const capacity = await measureCapacity(phaseMs);
  const evidence = await floodInstance(capacity, phaseMs, plan);
  const times = plan.judgesTimes ? judgeTimes(evidence) : [];
  return {
    done: [
      `${plan.slowClients} clients read nothing, sent slowly or were idle`,
      `${ATTACKERS} users sent ${evidence.rounds.map(({ flood }) => flood.sent).join(', ')} orders, and tried ${TIMES_CAPACITY} times the capacity`,
      `${evidence.everywhere.sent} reads came from as many addresses, on ${plan.connections} connections`,
    ],
    verdicts: [...judgeAnswers(evidence), ...times],
    figures: [figuresOf(evidence)],
  };
}

/** Without quotas, because nobody pays; the proxy whose header names the clients is this process. */
const SETTINGS = { QUOTA_UNPAID_ORDERS: '0', QUOTA_UNITS: '0', TRUSTED_PROXIES: 'loopback' };

/** Orders a second of an instance without limits, in a closed loop. */
async function measureCapacity(ms: number): Promise<number> {
  await using open = await embedded.open();
  const env = { ...open.env, ...SETTINGS };
  await using instance = await InstanceProcess.start(env);
  const { url } = instance;
  const next = await ordersOf(url, env, 'buyer', CUSTOMERS);
  const { answers, seconds } = await drive({
    ...{ urls: [url], atOnce: CUSTOMERS / 2, ms, warmUpMs: WARM_UP_MS },
    request: () => next(),
  });
  return answers / seconds;
}

/** Limits as an operator sets them who knows the capacity. */
function limitsFor(capacity: number, { userShare, maxDelayMs }: FloodPlan): Env {
  const ofUser = Math.max(2, Math.ceil(capacity * userShare));
  return {
    RATE_LIMIT_WINDOW_MS: '1000',
    RATE_LIMIT_USER_WRITES: `${ofUser}`,
    RATE_LIMIT_ADDRESS_WRITES: `${2 * ofUser}`,
    OPEN_WRITES_MAX_PER_USER: '5',
    EVENT_LOOP_DELAY_MAX_MS: `${maxDelayMs}`,
  };
}

async function floodInstance(
  capacity: number,
  phaseMs: number,
  plan: FloodPlan,
): Promise<FloodEvidence> {
  await using open = await embedded.open();
  const env = { ...open.env, ...SETTINGS, ...limitsFor(capacity, plan) };
  const heap = { NODE_OPTIONS: `--max-old-space-size=${plan.heapMb}` };
  await using instance = await InstanceProcess.start({ ...env, ...heap });
  const { url } = instance;
  const next = await ordersOf(url, env, 'customer', CUSTOMERS, '198.51.100.');
  const attack = await ordersOf(url, env, 'attacker', ATTACKERS, '203.0.113.');
  const usualTraffic = (ms: number) => served(url, ms, capacity * plan.usualShare, next);
  const over = new AbortController();
  const memory = mostMemory(new ApiClient(url), over.signal);
  const rounds: FloodRound[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    const before = await usualTraffic(phaseMs);
    const slow = await slowClients(url, env, plan.slowClients);
    for (const client of slow) client.open();
    const floodMs = phaseMs + WARM_UP_MS;
    const [few, during] = await Promise.all([
      flood({
        ...{ url, rate: TIMES_CAPACITY * capacity, ms: floodMs },
        requests: Array.from({ length: ATTACKERS }, () => attack().toString()),
        ...{ connections: 500, maxOpenPerConnection: 40 },
      }),
      usualTraffic(phaseMs),
    ]);
    for (const client of slow) client.close();
    const after = await usualTraffic(phaseMs);
    rounds.push({ before, during, after, flood: { ...few, seconds: floodMs / 1_000 } });
  }
  const everywhere = await flood({
    ...{ url, rate: TIMES_CAPACITY * capacity, ms: phaseMs },
    requests: [floodingRead()],
    ...{ connections: plan.connections, maxOpenPerConnection: 2 },
  });
  const afterAll = await usualTraffic(phaseMs);
  over.abort();
  return {
    ...{ capacity, rounds, everywhere, afterAll },
    memoryMb: await memory,
    maxMemoryMb: plan.heapMb + BESIDES_HEAP_MB,
    hasEnded: instance.hasEnded,
  };
}

/** The orders of some users in turn, each from an address of its own; without a network, from this process. */
async function ordersOf(url: string, env: Env, name: string, users: number, network = '') {
  const admin = await ApiClient.of(url, env, 'admin', 'admin');
  const productId = await addProduct(admin, { stock: 100_000_000, price: 1 });
  const requests = await Promise.all(
    Array.from({ length: users }, async (_, i) => {
      const { token } = await ApiClient.of(url, env, `${name}-${i}`);
      const from = network === '' ? {} : { 'X-Forwarded-For': `${network}${i + 1}` };
      const headers = { Authorization: `Bearer ${token}`, ...from };
      return requestBytes('POST', '/v1/orders', headers, orderOf(productId));
    }),
  );
  let turn = 0;
  return () => {
    turn += 1;
    return requests[turn % users] as Buffer;
  };
}

/** Every list of products is another one, so none is cached. */
function floodingRead(): string {
  const headers = { 'X-Forwarded-For': '{address}' };
  return requestBytes('GET', '/v1/products?limit=100&category={address}', headers).toString();
}

/** Sends the requests of customers at fixed times; the first second does not count. */
async function served(
  url: string,
  ms: number,
  rate: number,
  request: () => Buffer,
): Promise<Served> {
  const isLate = new AbortController();
  try {
    const traffic = { urls: [url], atOnce: CUSTOMERS, ms, warmUpMs: WARM_UP_MS };
    const late = sleep(ms + ANSWER_MS, undefined, { signal: isLate.signal }).then(() => {
      throw new Error(`a request had no answer after ${ANSWER_MS} ms`);
    });
    return await Promise.race([driveAtRate({ ...traffic, rate, request }), late]);
  } catch (error) {
    return { times: [], refusals: {}, failure: String(error) };
  } finally {
    isLate.abort();
  }
}

async function slowClients(url: string, env: Env, count: number): Promise<SlowClient[]> {
  const { token } = await ApiClient.of(url, env, 'slow');
  const kinds = [
    () => new DeafReader(url, '/v1/products?limit=100', 1_300),
    () => new IdleClient(url, true),
    () => new SlowWriter(url, String(token), 'headers'),
    () => new SlowWriter(url, String(token), 'body'),
  ];
  return Array.from({ length: count }, (_, i) => (kinds[i % kinds.length] as () => SlowClient)());
}

function figuresOf({ capacity, rounds, everywhere, afterAll, memoryMb }: FloodEvidence): Table {
  const ms = (served: Served) => figure(p99Of([served]));
  const perSecond = (count: (flood: FloodRound['flood']) => number) =>
    rounds.map(({ flood }) => figure(count(flood) / flood.seconds)).join(', ');
  return {
    title: 'what was measured; of several rounds one after the other',
    columns: ['', 'value'],
    rows: [
      ['capacity, orders in a closed loop, a second', figure(capacity)],
      ['floods of a few users, as tried, a second', perSecond((few) => few.sent + few.heldBack)],
      ['as sent, a second', perSecond(({ sent }) => sent)],
      ['their answers', rounds.map(({ flood }) => JSON.stringify(flood.statuses)).join(', ')],
      ['p99 of others, usual, in ms', rounds.map(({ before }) => ms(before)).join(', ')],
      ['during these floods', rounds.map(({ during }) => ms(during)).join(', ')],
      ['after them', rounds.map(({ after }) => ms(after)).join(', ')],
      ['answers to the flood from everywhere', JSON.stringify(everywhere.statuses)],
      ['p99 of others after it', ms(afterAll)],
      ['most resident memory', `${memoryMb.toFixed(0)} MB`],
    ],
  };
}

export const floodScenario: FaultScenario = {
  name: 'flood',
  title:
    '100 slow clients, four users who send ten times the capacity, and then a flood from everywhere',
  seconds: 216,
  run: (options) =>
    reportFlood(options, {
      rounds: 5,
      ...{ slowClients: 100, connections: 1_000, heapMb: 256 },
      ...{ usualShare: 0.2, userShare: 0.02, maxDelayMs: 100, judgesTimes: true },
    }),
};
