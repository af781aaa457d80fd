import { eventually } from '../eventually.js';
import type { Server, ServerOptions } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { askRedis } from './ask-redis.js';
import { redisKind } from './redis-kind.js';
import { sentinelKind } from './sentinel-kind.js';

const SENTINELS = 3;
const QUORUM = 2;
const READY_TIMEOUT_MS = 30_000;

export interface SentinelServer extends Server {
  readonly host: string;
  readonly port: number;
}

/** A master, its replicas, and the sentinels that promote a replica when the master is down. */
export interface RedisSentinels extends AsyncDisposable {
  readonly masterName: string;
  readonly sentinels: readonly SentinelServer[];
  /** The master of the start. */
  readonly master: Server;
  readonly replica: Server;
  /** The master and all replicas of the start. */
  readonly servers: readonly Server[];
  /** @throws Error a sentinel does not know all others, or a replica is not in sync */
  expectWhole(): Promise<void>;
  close(): Promise<void>;
}

export interface SentinelsOptions extends Pick<ServerOptions, 'settings' | 'logFolder'> {
  readonly replicas?: number;
  /** A master that is down for this time is replaced, in milliseconds. */
  readonly downAfterMs?: number;
}

/**
 * Starts `redis-server` processes on free loopback ports.
 *
 * @throws ServerUnavailableError none can be started
 */
export async function startRedisSentinels({
  replicas: count = 1,
  downAfterMs = 500,
  settings = {},
  ...place
}: SentinelsOptions = {}): Promise<RedisSentinels> {
  const masterName = 'lockstep';
  await using opened = new AsyncDisposableStack();
  const from = { sources: ['binary'] as const, ...place };
  const startOne = async (number: number) => {
    const kind = { ...redisKind({ settings }), slug: `redis-${number}` };
    return opened.use(await bringUp(kind, from));
  };
  const master = await startOne(1);
  const replica = await startOne(2);
  const replicas = [replica];
  while (replicas.length < count) replicas.push(await startOne(replicas.length + 2));
  const { port: masterPort } = new URL(master.url);
  for (const { url } of replicas) await askRedis(url, ['REPLICAOF', '127.0.0.1', masterPort]);
  const sentinels: SentinelServer[] = [];
  for (let number = 1; number <= SENTINELS; number += 1) {
    const watched = { masterName, masterHost: '127.0.0.1', masterPort };
    const options = { ...watched, quorum: QUORUM, downAfterMs };
    const kind = { ...sentinelKind(options), slug: `sentinel-${number}` };
    const sentinel = opened.use(await bringUp(kind, from));
    const port = Number(new URL(sentinel.url).port);
    sentinels.push(Object.assign(sentinel, { host: '127.0.0.1', port }));
  }
  const expectWhole = async () => {
    for (const { url } of sentinels) await expectKnown(url, masterName, count);
  };
  await eventually(expectWhole, { withinMs: READY_TIMEOUT_MS });
  const owned = opened.move();
  const close = () => owned.disposeAsync();
  const servers = [master, ...replicas];
  const known = { masterName, sentinels, master, replica, servers };
  return { ...known, expectWhole, close, [Symbol.asyncDispose]: close };
}

/** Resolves once the sentinel knows the replicas, which are in sync, and both other sentinels. */
async function expectKnown(url: string, name: string, count: number): Promise<void> {
  const facts = Object(await askRedis(url, ['SENTINEL', 'MASTER', name])) as Facts;
  const isWhole =
    facts['flags'] === 'master' &&
    Number(facts['num-slaves']) === count &&
    Number(facts['num-other-sentinels']) === SENTINELS - 1;
  if (!isWhole) throw new Error(`the sentinel at ${url} does not know all yet`);
  const replicas = Object(await askRedis(url, ['SENTINEL', 'REPLICAS', name])) as Facts[];
  if (!replicas.every((replica) => replica['master-link-status'] === 'ok')) {
    throw new Error('a replica is not in sync yet');
  }
}

type Facts = Record<string, unknown>;
