import type { Server, ServerOptions } from '../server.js';
import { bringUp } from '../sources/bring-up.js';
import { redisKind } from './redis-kind.js';

/**
 * Starts or finds a Redis: the one at `TEST_REDIS_URL`, else in Docker, else from `redis-server`.
 *
 * @throws ServerUnavailableError none can be started
 */
export function startRedis(options: ServerOptions = {}): Promise<Server> {
  return bringUp(redisKind(options), options);
}
