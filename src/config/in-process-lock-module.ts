import { ContainerModule } from 'inversify';
import { InProcessLock } from '../adapters/lock/in-process-lock.js';
import { systemClock } from '../adapters/lock/lock-clock.js';
import type { LockObserver } from '../adapters/lock/lock-observer.js';
import { MeasuredLock } from '../adapters/lock/measured-lock.js';
import { LockPort } from '../domain/ports/lock-port.js';
import { lockSettingsOf } from './lock-settings-of.js';
import type { Settings } from './settings.js';

/** Locks for a single instance: no server needed. */
export function inProcessLockModule(settings: Settings, observer: LockObserver): ContainerModule {
  const lock = new InProcessLock(lockSettingsOf(settings, observer));
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new MeasuredLock(lock, observer, systemClock));
  });
}
