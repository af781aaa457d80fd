import { InProcessLock } from '../../../../src/adapters/lock/in-process-lock.js';
import { lockContract } from '../../../contract/lock-contract.js';
import { redisHarness } from '../support/redis-harness.js';

// This is not a test: planted-faults.test.ts runs it, on a copy with a fault in it.
const url = process.env['PLANTED_REDIS_URL'];

if (url) {
  lockContract('copy', { waiting: 'fifo', storage: 'service, two processes' }, (settings = {}) =>
    redisHarness(url, 2, settings),
  );
} else {
  lockContract('copy', { waiting: 'fifo', storage: 'in process' }, async (settings) => {
    const lock = new InProcessLock(settings);
    return { a: lock, b: lock, settled: async () => {}, close: async () => {} };
  });
}
