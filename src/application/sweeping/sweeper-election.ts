import type { Clock } from '../../domain/ports/clock.js';
import type { UnitOfWork } from '../../domain/ports/unit-of-work.js';
import { sweeperLeaseKey } from '../../domain/resource-keys.js';

/**
 * The right to sweep for all instances, as a row in the database: it is taken by comparing the
 * row's version, so it works on every database and without a lock service, and keeps no
 * transaction open. A holder that died is followed once its term is over.
 */
export class SweeperElection {
  private until = new Date(0);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    /** This process and no other. */
    private readonly holder: string,
    private readonly termMs: number,
    private readonly name = 'expiry',
  ) {}

  /** Whether it is this process's, for half a term at least. */
  async take(signal?: AbortSignal): Promise<boolean> {
    if (this.until.getTime() - this.clock.now().getTime() > this.termMs / 2) return true;
    const taken = await this.unitOfWork.run(
      { locks: [sweeperLeaseKey(this.name)], signal },
      async (tx) => {
        const duty = await tx.sweeperLeases.get(this.name);
        const mine = duty.take(this.holder, this.clock.now(), this.termMs);
        return mine && (await tx.sweeperLeases.save(mine)).state;
      },
    );
    if (taken) this.until = taken.until;
    return taken !== undefined;
  }

  /** Lets another go on at once. */
  async release(): Promise<void> {
    if (this.until <= this.clock.now()) return;
    this.until = new Date(0);
    await this.unitOfWork.run({ locks: [sweeperLeaseKey(this.name)] }, async (tx) => {
      const vacant = (await tx.sweeperLeases.get(this.name)).release(this.holder, this.clock.now());
      if (vacant) await tx.sweeperLeases.save(vacant);
    });
  }
}
