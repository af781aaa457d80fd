import { expect } from 'chai';
import { SharedCounts } from '../../../../src/adapters/http/admission/shared-counts.js';
import type { CommandSender } from '../../../../src/adapters/redis/command-client.js';
import { redisServers } from '../../../../src/adapters/redis/redis-servers.js';
import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import { startRedis } from '../../../../tools/servers/redis/start-redis.js';
import { startRedisCluster } from '../../../../tools/servers/redis/start-redis-cluster.js';
import type { Server } from '../../../../tools/servers/server.js';
import { eventually } from '../../../contract/eventually.js';

const LIFE_MS = 60_000;

describe('Counts that instances share', () => {
  const resources = new AsyncDisposableStack();
  let redis: Server;
  /** The names of the commands that were sent. */
  let sent: string[];

  before(async () => {
    redis = resources.use(await startRedis({ sources: ['docker', 'binary'] }));
  });
  after(() => resources.disposeAsync());

  beforeEach(() => {
    sent = [];
  });

  async function counts(prefix: string): Promise<SharedCounts> {
    const servers = await redisServers({ address: { url: redis.url } });
    resources.defer(() => servers.close());
    const connected = await servers.connectCommands(prefix);
    const client: CommandSender = {
      sendCommand: (args, options) => {
        sent.push(String(args[0]));
        return connected.sendCommand(args, options);
      },
    };
    return new SharedCounts(LIFE_MS, { client, prefix });
  }

  it('are summed over the instances, by one command for each addition', async () => {
    const [one, other] = [await counts('{a}'), await counts('{a}')];
    expect(await one.add('alice', 2)).to.equal(2);
    expect(await other.add('alice', 3)).to.equal(5);
    expect(await one.add('alice', 1)).to.equal(6);
    expect(await one.add('bob', 1)).to.equal(1);
    // A new server gets the text of the script once.
    expect(sent.filter((name) => name === 'EVAL')).to.have.length.at.most(1);
    expect(sent.filter((name) => name === 'EVALSHA')).to.have.length(4);
  });

  it('end by themselves', async () => {
    const own = await counts('{b}');
    await own.add('alice', 1);
    await own.add('alice', 1);
    const left = Number(await askRedis(redis.url, ['PTTL', '{b}:alice']));
    expect(left).to.be.within(1, LIFE_MS);
  });

  it('are those of the process while Redis is down, and of all again afterwards', async () => {
    const [one, other] = [await counts('{c}'), await counts('{c}')];
    await one.add('alice', 10);
    await redis.stop('abruptly');
    expect(await one.add('alice', 2)).to.equal(2);
    expect(await one.add('alice', 2)).to.equal(4);
    expect(await other.add('alice', 1)).to.equal(1);
    await redis.start('empty');
    let tries = 0;
    await eventually(async () => {
      tries += 1;
      await one.add(`carol-${tries}`, 1);
      return (await other.add(`carol-${tries}`, 1)) === 2;
    });
  });

  it('are together on one server of a Redis Cluster', async () => {
    await using cluster = await startRedisCluster();
    const clusterNodes = cluster.masters.map(({ url }) => {
      const { hostname, port } = new URL(url);
      return { host: hostname, port: Number(port) };
    });
    const servers = await redisServers({ address: { clusterNodes } });
    const prefix = '{lockstep:limits:test}';
    const both = [new SharedCounts(LIFE_MS), new SharedCounts(LIFE_MS)];
    try {
      for (const i of both.keys()) {
        const client = await servers.connectCommands(prefix);
        both[i] = new SharedCounts(LIFE_MS, { client, prefix });
      }
      for (const name of ['alice', 'bob', 'carol']) {
        const sums: number[] = [];
        for (const counts of both) sums.push(await counts.add(name, 2));
        expect(sums, name).to.deep.equal([2, 4]);
      }
    } finally {
      await servers.close();
    }
  });

  it('are those of the process without Redis', async () => {
    const alone = new SharedCounts(LIFE_MS);
    expect(await alone.add('alice', 2)).to.equal(2);
    expect(await alone.add('alice', 3)).to.equal(5);
  });
});
