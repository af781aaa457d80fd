import { ContainerModule } from 'inversify';
import { InProcessLock } from '../adapters/lock/in-process-lock.js';
import { LockPort } from '../domain/ports/lock-port.js';
import { lockTimes } from './lock-times.js';
import type { Settings } from './settings.js';

/** Locks for a single instance: no server needed. */
export function inProcessLockModule(settings: Settings): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new InProcessLock(lockTimes(settings)));
  });
}
