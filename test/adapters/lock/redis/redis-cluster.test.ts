import { setTimeout as delay } from 'node:timers/promises';
import { createCluster } from '@redis/client';
import { expect } from 'chai';
import { ClusterLock } from '../../../../src/adapters/lock/layers/3-cluster-lock.js';
import {
  type Lease,
  LeaseLostError,
  LockBusyError,
  LockUnavailableError,
} from '../../../../src/adapters/lock/lock.js';
import { keySlot } from '../../../../src/adapters/lock/protocol/key-slot.js';
import {
  COHORT_TURNS,
  type RedisLockSettings,
} from '../../../../src/adapters/lock/redis-lock-settings.js';
import { redisClusterOptions } from '../../../../src/adapters/redis/connections/client-options.js';
import { ClusterNodes } from '../../../../src/adapters/redis/connections/cluster-nodes.js';
import { WAIT_TIMEOUT_MS } from '../../../../tools/servers/eventually.js';
import {
  type RedisClusterServers,
  startRedisCluster,
} from '../../../../tools/servers/redis/start-redis-cluster.js';
import { eventually } from '../../../contract/eventually.js';
import { lockContract } from '../../../contract/lock-contract.js';
import { refusalOf, withAnyLease } from '../../../contract/lock-harness.js';
import { moveSlot } from '../../../system/faults/redis-cluster/move-slot.js';
import { connect, type TestClient } from '../support/redis-clients.js';
import { type LockBackend, lockHarness, type RedisHarness } from '../support/redis-harness.js';

// One key in each third of the slots, in the order in which they are taken.
const [LOW, MIDDLE, HIGH] = ['stock:1', 'wallet:2', 'stock:2'] as const;

describe('ClusterLock', () => {
  let servers: RedisClusterServers;
  const open: RedisHarness[] = [];
  before(async () => {
    servers = await startRedisCluster();
  });
  after(() => servers.close());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()));
  });

  const place: LockBackend = {
    async process() {
      const cluster = await connectCluster(servers);
      const nodes = new ClusterNodes(cluster);
      return {
        lock: (settings) => new ClusterLock(nodes, settings),
        destroy() {
          nodes.destroy();
          cluster.destroy();
        },
      };
    },
    async probe() {
      const cluster = await connectCluster(servers);
      const clients = await Promise.all(servers.masters.map(({ url }) => connect(url)));
      return {
        zCard: (name) => cluster.zCard(name),
        del: (name) => cluster.del(name),
        stats: async () =>
          (await Promise.all(clients.map((each) => each.info('commandstats')))).join('\n'),
        destroy() {
          cluster.destroy();
          for (const each of clients) each.destroy();
        },
      };
    },
  };

  async function harness(
    settings: Partial<RedisLockSettings> = {},
    ofProcess: (i: number) => Partial<RedisLockSettings> = () => ({}),
  ) {
    let processes = 0;
    const process = async () => {
      const own = ofProcess(processes++);
      const made = await place.process();
      return { ...made, lock: (all: RedisLockSettings) => made.lock({ ...all, ...own }) };
    };
    const made = await lockHarness({ ...place, process }, 3, settings);
    open.push(made);
    return made;
  }

  const storage = 'service, two processes';
  for (const [strategy, waiting] of [
    // Across slots a waiter for several keys is not in every queue at once: see ClusterLock.
    ['pubsub', 'unordered'],
    ['spin', 'unordered'],
    ['simple', 'none'],
  ] as const) {
    lockContract(
      `ClusterLock, ${strategy}, keys in several slots`,
      { waiting, storage },
      (settings) => lockHarness(place, 2, { ...settings, strategy }),
    );
  }
  const cohorts = { turns: COHORT_TURNS };
  lockContract(
    'ClusterLock with cohorts, keys in several slots',
    { waiting: 'unordered', storage },
    async (settings) => ({
      ...(await lockHarness(place, 2, { ...cohorts, ...settings })),
      settled: async () => {},
    }),
  );
  lockContract('ClusterLock, pubsub, keys in one slot', { waiting: 'fifo', storage }, (settings) =>
    lockHarness(place, 2, { ...settings, prefix: '{one}:' }),
  );

  it('computes the same slots as the servers', async () => {
    const cluster = await connectCluster(servers);
    for (const name of ['123456789', 'a{b}c', 'a{}c', '{a', 'stock:ä', '{x}{y}']) {
      const slot = await cluster.sendCommand(name, true, ['CLUSTER', 'KEYSLOT', name]);
      expect(keySlot(name)).to.equal(slot);
    }
    cluster.destroy();
  });

  it('stores the keys that a process waits for in the slot of these keys', async () => {
    const { a, b } = await harness();
    const keys = twoOfOneSlot();
    const lease = await a.acquire(keys);
    const waiting = b.acquire(keys, { waitMs: WAIT_TIMEOUT_MS });
    await eventually(async () => {
      const lists: string[] = [];
      for (const { url } of servers.masters) {
        const client = await connect(url);
        lists.push(...(await client.keys('*:keys:*')));
        client.destroy();
      }
      expect(lists.map(keySlot)).to.deep.equal([keySlot(keys[0])]);
    });
    await lease.release();
    await (await waiting).release();
  });

  it('takes all keys on different servers or none', async () => {
    const { a, b } = await harness();
    expect([LOW, MIDDLE, HIGH].map((key) => Math.floor((keySlot(key) * 3) / 16_384))).to.deep.equal(
      [0, 1, 2],
    );
    for (const taken of [LOW, MIDDLE, HIGH]) {
      const lease = await a.acquire([taken]);
      for (const waitMs of [0, 50]) {
        const refusal = await refusalOf(b.acquire([HIGH, LOW, MIDDLE], { waitMs }));
        expect(refusal).to.be.instanceOf(LockBusyError);
        expect((refusal as LockBusyError).keys).to.deep.equal([LOW, HIGH, MIDDLE]);
      }
      const others = [LOW, MIDDLE, HIGH].filter((key) => key !== taken);
      const rest = await a.acquire(others, { waitMs: 0 });
      await Promise.all([lease.release(), rest.release()]);
    }
  });

  it('waits for keys on different servers, and is granted after each release', async () => {
    const { a, b, settled } = await harness();
    const [low, high] = [await a.acquire([LOW]), await a.acquire([HIGH])];
    const all = b.acquire([LOW, MIDDLE, HIGH], { waitMs: WAIT_TIMEOUT_MS });
    await settled(LOW, 1);
    await low.release();
    await settled(HIGH, 1);
    // The keys that it took meanwhile are held.
    expect(await refusalOf(a.acquire([LOW], { waitMs: 0 }))).to.be.instanceOf(LockBusyError);
    await high.release();
    const lease = await all;
    expect(lease.keys).to.deep.equal([LOW, HIGH, MIDDLE]);
    lease.assertHeld();
    await lease.release();
    await (await a.acquire([HIGH, LOW], { waitMs: 0 })).release();
  });

  it('releases its keys when the client disconnects', async () => {
    const { a, b, settled } = await harness();
    const high = await a.acquire([HIGH]);
    const client = new AbortController();
    const hungUp = refusalOf(b.acquire([LOW, HIGH], { signal: client.signal }));
    await settled(HIGH, 1);
    const reason = new Error('hung up');
    client.abort(reason);
    expect(await hungUp).to.equal(reason);
    await (await a.acquire([LOW], { waitMs: 0 })).release();
    await high.release();
  });

  it('raises the token of every key to that of the lease, also of one reserved in a block', async () => {
    const AHEAD = 3_600_000_000;
    const turns = [AHEAD, 8, 1];
    const { a, b, c } = await harness({}, (i) => ({ turns: turns[i] ?? 1 }));
    // The last server knows a token that is far ahead of the clocks of the others.
    const ahead = await a.acquire([HIGH]);
    await ahead.release();
    const lease = await b.acquire([LOW, MIDDLE, HIGH]);
    expect(lease.token).to.be.at.least(ahead.token + AHEAD);
    await lease.release();
    // A third process, which has seen no token.
    for (const key of [LOW, MIDDLE, HIGH]) {
      const later = await c.acquire([key]);
      expect(later.token).to.be.greaterThan(lease.token + 7);
      await later.release();
    }
  });

  it('passes a lease for keys of several servers on in memory', async () => {
    const { a, c, service } = await harness(cohorts);
    const before = (await service?.requests()) ?? Number.NaN;
    const tokens: number[] = [];
    const sections = Array.from({ length: 30 }, async () => {
      const lease = await a.acquire([LOW, HIGH]);
      tokens.push(lease.token);
      lease.assertHeld();
      await lease.release();
    });
    await Promise.all(sections);
    // For two slots: an acquire, a release and perhaps a raised token each, and a script that is
    // not known yet.
    expect((await service?.requests()) ?? Number.NaN).to.be.at.most(before + 12);
    for (const key of [LOW, HIGH]) {
      const later = await c.acquire([key]);
      tokens.push(later.token);
      await later.release();
    }
    expect(tokens.slice(0, -1)).to.deep.equal(risingOf(tokens.slice(0, -1)));
  });

  it('gives waiters for keys of several servers another lease when their lease is lost', () =>
    withAnyLease(async (leaseMs) => {
      const { a, service } = await harness({ ...cohorts, leaseMs });
      const stuck = await a.acquire([LOW, HIGH]);
      const waiting = a.acquire([LOW, HIGH], { waitMs: WAIT_TIMEOUT_MS });
      await service?.forget([HIGH]);
      const next = await waiting;
      expect(() => stuck.assertHeld()).to.throw(LeaseLostError);
      await stuck.release();
      next.assertHeld();
      await next.release();
    }));

  it('leaves the queues of all servers when the last waiter of the process leaves', async () => {
    const { a, b, service } = await harness(cohorts);
    const high = await a.acquire([HIGH]);
    const refusals = [1, 2].map(() => refusalOf(b.acquire([LOW, HIGH], { waitMs: 100 })));
    for (const refusal of await Promise.all(refusals)) {
      expect(refusal).to.be.instanceOf(LockBusyError);
    }
    await eventually(async () => (await service?.queued(HIGH)) === 0);
    await (await a.acquire([LOW])).release();
    await high.release();
  });

  it('loses the whole lease when it loses one key', () =>
    withAnyLease(async (leaseMs) => {
      const { a, b, service } = await harness();
      const lease = await a.acquire([LOW, HIGH], { leaseMs });
      const { signal } = lease;
      await service?.forget([HIGH]);
      const next = await b.acquire([HIGH]);
      await eventually(() => signal.aborted);
      expect(() => lease.assertHeld()).to.throw('stock:1');
      await lease.release();
      next.assertHeld();
      await next.release();
    }));

  it('admits one waiter at a time after the slot moved during their wait', async () => {
    const { a, b, c, settled } = await harness({ leaseMs: 1_000 });
    const held = await a.acquire(['order:1']);
    const granted: Lease[] = [];
    const waiting = [b, c].map(async (lock) => {
      granted.push(await lock.acquire(['order:1'], { waitMs: WAIT_TIMEOUT_MS }));
    });
    await settled('order:1', 2);
    await moveSlot(servers.masters, { slot: keySlot('order:1') });
    await held.release();
    await eventually(() => granted.length > 0);
    // After this time a message over the bus of the cluster would have arrived.
    await delay(50);
    expect(granted).to.have.length(1);
    await granted[0]?.release();
    await Promise.all(waiting);
    await granted[1]?.release();
  });

  it('sends nothing to a server where nobody waits, while others wait at another server', async () => {
    const heartbeatMs = 100;
    const { a, b, settled } = await harness({ heartbeatMs });
    await (await b.acquire([LOW], { waitMs: WAIT_TIMEOUT_MS })).release();
    const held = await a.acquire([HIGH]);
    const waiting = b.acquire([HIGH], { waitMs: WAIT_TIMEOUT_MS });
    await settled(HIGH, 1);
    await delay(5 * heartbeatMs);
    const ends = [servers.masters.at(0)?.url ?? '', servers.masters.at(-1)?.url ?? ''];
    const clients = await Promise.all(ends.map((url) => connect(url)));
    const scripts = async (client: TestClient) =>
      /cmdstat_evalsha:calls=\d+/.exec(await client.info('commandstats'))?.[0];
    const before = await Promise.all(clients.map(scripts));
    await delay(5 * heartbeatMs);
    const [quiet, awaited] = await Promise.all(clients.map(scripts));
    expect(quiet).to.equal(before[0]);
    expect(awaited).not.to.equal(before[1]);
    for (const client of clients) client.destroy();
    await held.release();
    await (await waiting).release();
  });

  it('releases its keys when the server of another key is down', async () => {
    const { a, b } = await harness({ leaseMs: 10_000, commandTimeoutMs: 300 });
    const [, , last] = servers.masters;
    await last?.pause();
    try {
      const refusal = await refusalOf(b.acquire([LOW, HIGH]));
      expect(refusal).to.be.instanceOf(LockUnavailableError);
      await (await a.acquire([LOW], { waitMs: 0 })).release();
    } finally {
      await last?.resume();
    }
    await eventually(async () => {
      await (await a.acquire([LOW, HIGH], { waitMs: 0 })).release();
    });
  });
});

async function connectCluster({ masters }: RedisClusterServers) {
  const nodes = masters.map(({ url }) => new URL(url));
  const cluster = createCluster(
    redisClusterOptions(
      nodes.map(({ hostname, port }) => ({ host: hostname, port: Number(port) })),
    ),
  );
  cluster.on('error', () => {});
  // Tries again like the product, because on a busy machine the first connect may fail.
  await eventually(() => cluster.connect());
  return cluster;
}

function risingOf(tokens: readonly number[]): readonly number[] {
  return [...new Set(tokens)].sort((x, y) => x - y);
}

/** The hash tag of a lock key is the key itself. */
function twoOfOneSlot(): [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i++) {
    const key = `stock:${i}`;
    const other = seen.get(keySlot(key));
    if (other) return [other, key];
    seen.set(keySlot(key), key);
  }
}
