import {
  type Transaction,
  UnitOfWork,
  type UnitOptions,
} from '../../../domain/ports/unit-of-work.js';
import type { StalenessMonitor } from '../../staleness/staleness-monitor.js';

/** Reports the cached resources that a committed unit has changed to the monitor. */
export class MonitoredUnitOfWork extends UnitOfWork {
  constructor(
    private readonly inner: UnitOfWork,
    private readonly monitor: StalenessMonitor,
  ) {
    super();
  }

  override async run<T>(
    options: UnitOptions<T>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const value = await this.inner.run(options, work);
    if (options.invalidates) this.monitor.written(options.invalidates.resources);
    return value;
  }
}
