import { lockContract } from '../contract/lock-contract.js';
import { redisHarness } from './support/redis-harness.js';
import { RedisServer } from './support/redis-server.js';

describe('RedisLock', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  for (const processes of [1, 2] as const) {
    for (const [strategy, way] of [
      ['pubsub', 'queued'],
      ['spin', 'unordered'],
      ['simple', 'never'],
    ] as const) {
      const kept = processes === 1 ? 'for one process' : 'for two processes';
      lockContract(`RedisLock, ${strategy}, ${kept}`, { way, kept }, (settings) =>
        redisHarness(server.url, processes, { ...settings, strategy }),
      );
    }
  }
});
