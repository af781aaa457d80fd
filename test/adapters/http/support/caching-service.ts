import { expect } from 'chai';
import { v7 } from 'uuid';
import { eventually } from '../../../../tools/servers/eventually.js';
import type { Backend, Env } from '../../../support/backends.js';
import { HIT } from './cache-headers.js';
import { runningService } from './running-service.js';

/**
 * A service whose cache keeps its entries for longer than a test. A new Redis keeps no entry until
 * every earlier write intent has ended, so that time is short here.
 */
export function cachingService(backend: Backend, extra: Env = {}) {
  const service = runningService(backend, {
    CACHE_MAX_STALENESS_MS: '60000',
    CACHE_HOLD_OFF_MS: '4000',
    DB_QUERY_MS: '2000',
    ...extra,
  });
  before(() =>
    eventually(
      async () => {
        const path = `/v1/products/${v7()}`;
        await service().anyone.get(path);
        expect((await service().anyone.get(path)).headers.get('cache-status')).to.match(HIT);
      },
      { withinMs: 60_000 },
    ),
  );
  return service;
}
