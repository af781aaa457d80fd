import { Counter, Histogram, type Registry } from 'prom-client';
import {
  type GroupOutcome,
  UnitOfWorkObserver,
} from '../../application/unit-of-work/unit-of-work-observer.js';
import { DomainError } from '../../domain/errors.js';
import { ConcurrentUpdateError } from '../../domain/ports/failures.js';

const OUTCOMES = ['committed', 'conflict', 'refused', 'failed'] as const;

const WAIT_OUTCOMES: readonly GroupOutcome[] = [
  'granted',
  'busy',
  'refused',
  'aborted',
  'unavailable',
];

/** Counts transactions and the units of work in them, for `/metrics`. */
export class UnitOfWorkMetrics extends UnitOfWorkObserver {
  readonly #transactions: Counter<'outcome'>;
  readonly #retries: Counter;
  readonly #units: Histogram;
  readonly #waits: Histogram<'outcome'>;

  constructor(registry: Registry) {
    super();
    const registers = [registry];
    this.#transactions = new Counter({
      name: 'transactions_total',
      help: 'Ended transactions. conflict: another changed a row; refused: by a rule of the domain; failed: any other error',
      labelNames: ['outcome'],
      registers,
    });
    // From the start on, so that a first one counts as an increase.
    for (const outcome of OUTCOMES) this.#transactions.inc({ outcome }, 0);
    this.#retries = new Counter({
      name: 'unit_of_work_retries_total',
      help: 'Runs of a unit of work after its first run, because a row was changed or its batch failed',
      registers,
    });
    this.#units = new Histogram({
      name: 'transaction_units',
      help: 'Units of work that a committed transaction had: the size of its batch',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128],
      registers,
    });
    this.#waits = new Histogram({
      name: 'lease_group_wait_seconds',
      help: 'Time until a unit of work got the lease that it shares with others of its process, or its wait ended',
      labelNames: ['outcome'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    for (const outcome of WAIT_OUTCOMES) this.#waits.zero({ outcome });
  }

  override waitedInGroup(ms: number, outcome: GroupOutcome): void {
    this.#waits.observe({ outcome }, ms / 1_000);
  }

  override committed(units: number): void {
    this.#transactions.inc(COMMITTED);
    this.#units.observe(units);
  }

  override rolledBack(error: unknown): void {
    this.#transactions.inc({ outcome: outcomeOf(error) });
  }

  override retried(): void {
    this.#retries.inc();
  }
}

const COMMITTED = { outcome: 'committed' } as const;

function outcomeOf(error: unknown): (typeof OUTCOMES)[number] {
  if (error instanceof ConcurrentUpdateError) return 'conflict';
  return error instanceof DomainError ? 'refused' : 'failed';
}
