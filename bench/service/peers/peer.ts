import { fileURLToPath } from 'node:url';
import {
  type Contestant,
  CUSTOMERS,
  type Requests,
  type Running,
  type Servers,
} from '../contestant.js';
import { requestBytes } from '../load/connection.js';
import { startProcess } from '../load/start-process.js';
import { EXPRESS, HAND_WRITTEN, NODE, OPTIMISTIC, REDLOCK, type Scenario } from '../plan.js';
import { preparePeer } from './prepare-peer.js';

const PROGRAM = fileURLToPath(new URL('peer-process.js', import.meta.url));

type Way = 'for-update' | 'optimistic' | 'redlock' | 'express' | 'node';

const FLOORS: readonly Way[] = ['express', 'node'];

function peer(id: string, way: Way, settings: string): Contestant {
  return {
    id,
    settings,
    kind: FLOORS.includes(way) ? 'floor' : 'peer',
    ...(way === 'redlock' && { packageName: 'redlock-universal' }),
    start: (servers, scenario) => start(way, servers, scenario),
  };
}

export const PEERS: readonly Contestant[] = [
  peer(HAND_WRITTEN, 'for-update', 'Express 5, mysql2, SELECT … FOR UPDATE'),
  peer(
    OPTIMISTIC,
    'optimistic',
    'Express 5, mysql2, UPDATE … WHERE version, retried after a conflict',
  ),
  peer(
    REDLOCK,
    'redlock',
    'the hand-written peer behind a lock of redlock-universal, retries after 1 ms',
  ),
  peer(EXPRESS, 'express', 'Express 5 with its body parser; it answers and does nothing else'),
  peer(NODE, 'node', 'the HTTP server of Node; it answers prepared bytes and does nothing else'),
];

async function start(
  way: Way,
  { databaseUrl, redisUrl }: Servers,
  scenario: Scenario,
): Promise<Running> {
  await using resources = new AsyncDisposableStack();
  const orderIds = FLOORS.includes(way) ? [] : await preparePeer(databaseUrl, scenario);
  const env = { PEER_WAY: way, PEER_DATABASE_URL: databaseUrl, PEER_REDIS_URL: redisUrl };
  const started = await Promise.all(
    Array.from({ length: scenario.instances ?? 1 }, async () =>
      resources.use(await startProcess(PROGRAM, { NODE_ENV: 'production', ...env })),
    ),
  );
  const owned = resources.move();
  return {
    urls: started.map(({ url }) => url),
    processes: started.map(({ child }) => child),
    requests: requestsOf(orderIds),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function requestsOf(orderIds: readonly string[]): Requests {
  let customer = 0;
  let placed = 0;
  const ofOrder = (path: string) => () => {
    const id = orderIds[placed];
    placed += 1;
    return id ? requestBytes('POST', `/orders/${id}/${path}`, {}, {}) : undefined;
  };
  const read = (n: number) => requestBytes('GET', `/products/${n + 1}`);
  return {
    order: (n) => requestBytes('POST', '/orders', {}, { productId: n + 1, quantity: 1 }),
    read,
    stock: read,
    charge() {
      customer = (customer + 1) % CUSTOMERS;
      return requestBytes('POST', `/wallets/${customer}/charges`, {}, { amount: 1 });
    },
    payment: ofOrder('payments'),
    cancellation: ofOrder('cancellations'),
  };
}
