import type { Clock } from '../../domain/ports/clock.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { sweeperLeaseKey } from '../../domain/resource-keys.js';

/**
 * Elects one process to sweep for all instances. The leadership is a lease in a row of the database. It
 * is taken by a comparison of the row's version. So it works on every database, without a lock service,
 * and keeps no transaction open. When the leader dies, another process leads after the lease.
 */
export class SweeperElection {
  #until = new Date(0);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    /** Unique to this process. */
    private readonly holder: string,
    private readonly leaseMs: number,
    private readonly name = 'expiry',
  ) {}

  /** Takes or renews the lease. True: this process leads, for half of the lease at least. */
  async take(signal?: AbortSignal): Promise<boolean> {
    if (this.#until.getTime() - this.clock.now().getTime() > this.leaseMs / 2) return true;
    const taken = await this.unitOfWork.run(
      { locks: [sweeperLeaseKey(this.name)], signal },
      async (tx) => {
        const lease = await tx.sweeperLeases.get(this.name);
        const mine = lease.take(this.holder, this.clock.now(), this.leaseMs);
        return mine && (await tx.sweeperLeases.save(mine)).state;
      },
    );
    if (taken) this.#until = taken.until;
    return taken !== undefined;
  }

  /** Gives the lease up, so that another process leads at once. */
  async release(): Promise<void> {
    if (this.#until <= this.clock.now()) return;
    this.#until = new Date(0);
    await this.unitOfWork.run({ locks: [sweeperLeaseKey(this.name)] }, async (tx) => {
      const vacant = (await tx.sweeperLeases.get(this.name)).release(this.holder, this.clock.now());
      if (vacant) await tx.sweeperLeases.save(vacant);
    });
  }
}
