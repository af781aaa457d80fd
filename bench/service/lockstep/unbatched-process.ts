/** Lockstep without batches: each order has its own lease and transaction. It shows the gain of batches. */
import 'reflect-metadata';
import { BatchingUnitOfWork } from '../../../src/application/unit-of-work/layers/4-batching-unit-of-work.js';
import { startService } from '../../../src/config/service.js';
import { readSettings } from '../../../src/config/settings/settings.js';
import type { Transaction, UnitOptions } from '../../../src/domain/ports/unit-of-work.js';

const { run } = BatchingUnitOfWork.prototype;
BatchingUnitOfWork.prototype.run = function <T>(
  options: UnitOptions<T>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const ofOne = run<T>;
  return ofOne.call(this, { ...options, batch: undefined }, work);
};

const service = await startService(readSettings(process.env));
process.send?.(new URL(service.url).port);
