import type { Clock } from '../../domain/ports/clock.js';
import { DependencyUnavailableError } from '../../domain/ports/failures.js';
import type { Due, Expiring, ExpiryQueries } from '../../domain/reservations/ports.js';
import type { ExpireOrder } from '../orders/expire-order.js';
import type { ExpireReservation } from '../reservations/expire-reservation.js';
import type { SweeperElection } from './sweeper-election.js';

/** Rows that one query reads. */
const ROWS = 100;

/** Units of work at once; most database connections are left for requests. */
const AT_ONCE = 4;

/** Rows of one kind that are expired at the same time. */
interface Batch {
  readonly what: Expiring;
  readonly rows: readonly Due[];
}

/** Receives each expiry. */
export interface SweepObserver {
  /** `lateMs`: milliseconds between the due time and the commit. */
  expired(what: Expiring, lateMs: number): void;
  expiryFailed(what: Expiring, id: string, error: unknown): void;
}

/**
 * Ends orders and reservations that are due. Each has its own unit of work, with the same locks as a
 * request of its customer. A row that fails is tried again by the next sweep; it delays no other row.
 */
export class SweepExpired {
  constructor(
    private readonly expiries: ExpiryQueries,
    private readonly leader: SweeperElection,
    private readonly expireOrder: ExpireOrder,
    private readonly expireReservation: ExpireReservation,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers when the next row is due. Undefined: there is none, another process leads, or some failed,
   * so an immediate retry would not help.
   * @throws DependencyUnavailableError a server is down, so the rest would fail too
   */
  async execute(observer: SweepObserver, stopped: AbortSignal): Promise<Date | undefined> {
    const next = await this.expiries.next();
    if (!next || next > this.clock.now()) return next;
    let failures = 0;
    for await (const batch of this.#dueByTurns()) {
      if (stopped.aborted || !(await this.leader.take(stopped))) return undefined;
      failures += await this.#expireAll(batch, observer, stopped);
    }
    if (failures === 0) return this.expiries.next();
    // Another process may reach the servers that this one cannot reach.
    await this.leader.release();
    return undefined;
  }

  /** Rows of both kinds by turns, so that many of one kind do not delay the other. */
  async *#dueByTurns(): AsyncGenerator<Batch> {
    const last: Partial<Record<Expiring, Due>> = {};
    for (let kinds: Expiring[] = ['reservation', 'order']; kinds.length > 0; ) {
      const open: Expiring[] = [];
      for (const what of kinds) {
        const found = await this.expiries.due(what, this.clock.now(), ROWS, last[what]);
        for (let i = 0; i < found.length; i += AT_ONCE) {
          yield { what, rows: found.slice(i, i + AT_ONCE) };
        }
        if (found.length === ROWS) open.push(what);
        Object.assign(last, { [what]: found.at(-1) });
      }
      kinds = open;
    }
  }

  /** Answers how many rows failed. */
  async #expireAll(
    { what, rows }: Batch,
    observer: SweepObserver,
    stopped: AbortSignal,
  ): Promise<number> {
    const expire = (due: Due) => this.#expire(what, due, observer, stopped);
    // Waits for all of them: no expiry may continue after the sweep has ended.
    const outcomes = await Promise.allSettled(rows.map(expire));
    const failed = outcomes.flatMap((outcome, i) =>
      outcome.status === 'rejected' ? [{ id: rows[i]?.id ?? '', error: outcome.reason }] : [],
    );
    if (stopped.aborted) return 0;
    const outage = failed.find(({ error }) => error instanceof DependencyUnavailableError);
    if (outage) throw outage.error;
    for (const { id, error } of failed) observer.expiryFailed(what, id, error);
    return failed.length;
  }

  async #expire(
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
