import { lockContract } from '../../../contract/lock-contract.js';
import { redisHarness } from '../support/redis-harness.js';
import { RedisServer } from '../support/redis-server.js';

describe('RedisLock', () => {
  let server: RedisServer;
  before(async () => {
    server = await RedisServer.start();
  });
  after(() => server.stop());

  for (const processes of [1, 2] as const) {
    for (const [strategy, waiting] of [
      ['pubsub', 'fifo'],
      ['spin', 'unordered'],
      ['simple', 'none'],
    ] as const) {
      const storage = processes === 1 ? 'service, one process' : 'service, two processes';
      lockContract(`RedisLock, ${strategy}, ${storage}`, { waiting, storage }, (settings) =>
        redisHarness(server.url, processes, { ...settings, strategy }),
      );
    }
  }
});
