import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { LockObserver, type WaitOutcome } from '../lock/lock-observer.js';

/** From the start on, so that a first one counts as an increase. */
const OUTCOMES: readonly WaitOutcome[] = ['granted', 'busy', 'refused', 'aborted', 'unavailable'];

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts the events of the lock, for `/metrics`. */
export class LockMetrics extends LockObserver {
  readonly #wait: Histogram<'outcome'>;
  readonly #hold: Histogram;
  readonly #contentions: Counter;
  readonly #losses: Counter;
  readonly #handoffs: Counter<'by'>;
  readonly #fallbacks: Counter;
  readonly #circuit: Gauge;

  constructor(registry: Registry) {
    super();
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#wait = new Histogram({
      name: 'lock_wait_seconds',
      help: 'Time until a lock was granted or the wait ended. refused: at once, since too many wait',
      labelNames: ['outcome'],
      buckets: SECONDS,
      registers,
    });
    for (const outcome of OUTCOMES) this.#wait.zero({ outcome });
    this.#hold = new Histogram({
      name: 'lock_hold_seconds',
      help: 'Time from the grant of a lock to its release',
      buckets: SECONDS,
      registers,
    });
    this.#contentions = counter(
      'lock_contended_total',
      'Acquires that found a key held by another',
    );
    this.#losses = counter(
      'lock_leases_lost_total',
      'Leases that were lost before their holder released them',
    );
    this.#handoffs = new Counter({
      name: 'lock_handoffs_total',
      help: 'Leases passed to a waiter, in memory or through the lock service',
      labelNames: ['by'],
      registers,
    });
    for (const by of ['memory', 'service'] as const) this.#handoffs.inc({ by }, 0);
    this.#fallbacks = counter(
      'lock_fallbacks_total',
      'Acquires that used row locks because the lock service was down',
    );
    this.#circuit = new Gauge({
      name: 'lock_circuit_open',
      help: '1 while acquires use row locks without asking the lock service, which was found down',
      registers,
    });
  }

  override circuitOpen(isOpen: boolean): void {
    this.#circuit.set(isOpen ? 1 : 0);
  }

  override waited(ms: number, outcome: WaitOutcome): void {
    this.#wait.observe({ outcome }, ms / 1000);
  }

  override held(ms: number): void {
    this.#hold.observe(ms / 1000);
  }

  override contended(): void {
    this.#contentions.inc();
  }

  override lost(): void {
    this.#losses.inc();
  }

  override handedOff(by: 'memory' | 'service'): void {
    this.#handoffs.inc({ by });
  }

  override fellBack(): void {
    this.#fallbacks.inc();
  }
}
