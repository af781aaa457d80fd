import { startRedis } from '../../../tools/servers/redis/start-redis.js';

/** A process that owns a server and prints its address, for tests that end the process. */
const server = await startRedis({ sources: ['binary'] });
process.send?.(server.url);
process.on('message', (how) => {
  if (how === 'throw') throw new Error('as a failed assertion outside a test would');
  if (how === 'exit') process.exit(0);
});
