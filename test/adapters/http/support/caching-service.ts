import { expect } from 'chai';
import { v7 } from 'uuid';
import { Installation } from '../../../../src/config/modules/sql-bindings.js';
import { eventually } from '../../../../tools/servers/eventually.js';
import { askRedis } from '../../../../tools/servers/redis/ask-redis.js';
import type { Backend, Env } from '../../../support/backends.js';
import type { TestService } from '../../../support/test-service.js';
import { HIT } from './cache-headers.js';
import { runningService } from './running-service.js';

/** A service whose cache keeps its entries for longer than a test. */
export function cachingService(backend: Backend, extra: Env = {}) {
  const service = runningService(backend, {
    CACHE_MAX_STALENESS_MS: '60000',
    CACHE_HOLD_OFF_MS: '4000',
    DB_QUERY_MS: '2000',
    ...extra,
  });
  before(async () => {
    await keepFromNowOn(service());
    await eventually(
      async () => {
        const path = `/v1/products/${v7()}`;
        await service().anyone.get(path);
        expect((await service().anyone.get(path)).headers.get('cache-status')).to.match(HIT);
      },
      { withinMs: 60_000 },
    );
  });
  return service;
}

/**
 * On a new Redis a cache keeps no entry until every earlier write intent has ended (CACHE_HOLD_OFF_MS). The
 * database is new too, so there is no earlier write, and the test need not wait for that time.
 */
async function keepFromNowOn({ service, env }: TestService): Promise<void> {
  if (!env['REDIS_URL']) return;
  const { id } = service.container.get(Installation);
  await askRedis(env['REDIS_URL'], ['HSET', `{lockstep:cache:2:${id}}:control`, 'quiet', '0']);
}
