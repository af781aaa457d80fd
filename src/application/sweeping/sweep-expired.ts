import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Due, Expiring, ExpiryQueries } from '../../domain/reservations/ports.js';
import type { ExpireOrder } from '../orders/expire-order.js';
import type { ExpireReservation } from '../reservations/expire-reservation.js';
import type { SweeperElection } from './sweeper-election.js';

/** Rows that are read at once. */
const BATCH = 100;

/** Units of work at once: most of the connections stay with the customers. */
const AT_ONCE = 4;

/** A few rows of one kind. */
interface Some {
  readonly what: Expiring;
  readonly rows: readonly Due[];
}

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
    private readonly duty: SweeperElection,
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
    let failures = 0;
    for await (const some of this.dueByTurns()) {
      if (stopped.aborted || !(await this.duty.take(stopped))) return undefined;
      failures += await this.expireAll(some, observer, stopped);
    }
    if (failures === 0) return this.expiries.next();
    // Another process may fare better.
    await this.duty.release();
    return undefined;
  }

  /** Many of one kind do not keep the other waiting. */
  private async *dueByTurns(): AsyncGenerator<Some> {
    const last: Partial<Record<Expiring, Due>> = {};
    for (let kinds: Expiring[] = ['reservation', 'order']; kinds.length > 0; ) {
      const open: Expiring[] = [];
      for (const what of kinds) {
        const batch = await this.expiries.due(what, this.clock.now(), BATCH, last[what]);
        for (let i = 0; i < batch.length; i += AT_ONCE) {
          yield { what, rows: batch.slice(i, i + AT_ONCE) };
        }
        if (batch.length === BATCH) open.push(what);
        Object.assign(last, { [what]: batch.at(-1) });
      }
      kinds = open;
    }
  }

  /** Answers how many failed. */
  private async expireAll(
    { what, rows }: Some,
    observer: SweepObserver,
    stopped: AbortSignal,
  ): Promise<number> {
    const expire = (due: Due) => this.expire(what, due, observer, stopped);
    // Settled, all of them: none may go on once the sweep has ended.
    const outcomes = await Promise.allSettled(rows.map(expire));
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ id: rows[i]?.id ?? '', error: outcome.reason }] : [],
    );
    if (stopped.aborted) return 0;
    const outage = failed.find(({ error }) => error instanceof DependencyUnavailableError);
    if (outage) throw outage.error;
    for (const { id, error } of failed) observer.failed(what, id, error);
    return failed.length;
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
