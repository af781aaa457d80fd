import type { Clock } from '../../domain/ports/clock.js';
import type { Due, Expiring, ExpiryQueries } from '../../domain/ports/expiry-queries.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { ExpireOrder } from '../orders/expire-order.js';
import type { ExpireReservation } from '../reservations/expire-reservation.js';
import type { SweepDuty } from './sweep-duty.js';

/** Rows that are read at once. */
const BATCH = 100;

/** Units of work at once: most of the connections stay with the customers. */
const AT_ONCE = 4;

/** Is told of each expiry as it happens. */
export interface SweepObserver {
  expired(what: Expiring, lateMs: number): void;
  failed(what: Expiring, id: string, error: unknown): void;
}

/**
 * Ends what is due, each in a unit of work of its own that takes the locks its customer would take.
 * A row that fails is passed over until the next sweep and holds up no other.
 */
export class SweepExpired {
  constructor(
    private readonly expiries: ExpiryQueries,
    private readonly duty: SweepDuty,
    private readonly expireOrder: ExpireOrder,
    private readonly expireReservation: ExpireReservation,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers when the next is due; absent when there is none, when another process sweeps, or when
   * some failed, so that coming back at once would not help.
   * @throws DependencyUnavailableError the rest would fail as well
   */
  async execute(observer: SweepObserver, stopped: AbortSignal): Promise<Date | undefined> {
    const next = await this.expiries.next();
    if (!next || next > this.clock.now()) return next;
    const after: Partial<Record<Expiring, Due>> = {};
    let failures = 0;
    // By turns, so that many of one kind do not keep the other waiting.
    for (let kinds: Expiring[] = ['reservation', 'order']; kinds.length > 0; ) {
      const open: Expiring[] = [];
      for (const what of kinds) {
        if (stopped.aborted || !(await this.duty.take(stopped))) return undefined;
        const batch = await this.expiries.due(what, this.clock.now(), BATCH, after[what]);
        failures += await this.expireAll(what, batch, observer, stopped);
        Object.assign(after, { [what]: batch.at(-1) });
        if (batch.length === BATCH) open.push(what);
      }
      kinds = open;
    }
    if (failures === 0) return this.expiries.next();
    // Another process may fare better.
    await this.duty.layDown();
    return undefined;
  }

  /** Answers how many failed. */
  private async expireAll(
    what: Expiring,
    batch: readonly Due[],
    observer: SweepObserver,
    stopped: AbortSignal,
  ): Promise<number> {
    let failures = 0;
    for (let i = 0; i < batch.length && !stopped.aborted; i += AT_ONCE) {
      const some = batch.slice(i, i + AT_ONCE);
      // Settled, all of them: none may go on once the sweep has ended.
      const outcomes = await Promise.allSettled(
        some.map((due) => this.expire(what, due, observer, stopped)),
      );
      for (const [n, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled' || stopped.aborted) continue;
        if (outcome.reason instanceof DependencyUnavailableError) throw outcome.reason;
        observer.failed(what, some[n]?.id ?? '', outcome.reason);
        failures += 1;
      }
    }
    return failures;
  }

  private async expire(
    what: Expiring,
    { id, expiresAt }: Due,
    observer: SweepObserver,
    signal: AbortSignal,
  ): Promise<void> {
    const useCase = what === 'order' ? this.expireOrder : this.expireReservation;
    if (!(await useCase.execute(id, { signal }))) return;
    observer.expired(what, this.clock.now().getTime() - expiresAt.getTime());
  }
}
