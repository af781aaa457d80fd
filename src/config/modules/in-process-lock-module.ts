import { ContainerModule } from 'inversify';
import type { LockObserver } from '../../adapters/lock/decorators/lock-observer.js';
import { MeasuredLock } from '../../adapters/lock/decorators/measured-lock.js';
import { InProcessLock } from '../../adapters/lock/in-process-lock.js';
import { systemClock } from '../../adapters/lock/leases/lock-clock.js';
import { LockPortAdapter } from '../../adapters/shop/lock-port-adapter.js';
import { LockPort } from '../../domain/ports/lock-port.js';
import { lockSettingsOf } from '../settings/lock-settings-of.js';
import type { Settings } from '../settings/settings.js';

/** Locks for a single instance: no server needed. */
export function inProcessLockModule(settings: Settings, observer: LockObserver): ContainerModule {
  const lock = new InProcessLock(lockSettingsOf(settings, observer));
  const measured = new MeasuredLock(lock, observer, systemClock);
  return new ContainerModule(({ bind }) => {
    bind(LockPort).toConstantValue(new LockPortAdapter(measured));
  });
}
