import { InProcessLock } from '../../../src/adapters/lock/in-process-lock.js';
import { lockContract } from '../../contract/lock-contract.js';

lockContract('InProcessLock', { waiting: 'fifo', storage: 'in process' }, async (settings) => {
  const lock = new InProcessLock(settings);
  // To join a queue in memory takes no time.
  return { a: lock, b: lock, settled: async () => {}, close: async () => {} };
});
