import type { ChargeStatus } from '../../domain/payments/payment-gateway.js';

/** Steps of a request with locks and rows. */
type LockStep =
  | 'waiting'
  | 'acquired'
  | 'fell back'
  | 'no lock'
  | 'row locked'
  | 'begun'
  | 'read'
  | 'paused'
  | 'resumed'
  | 'written'
  | 'committed'
  | 'rolled back'
  | 'released'
  | 'lease lost'
  | 'stopped'
  | 'started'
  | 'refused';

/** Steps of an instance with its cache. */
type CacheStep =
  | 'asked'
  | 'hit l1'
  | 'hit l2'
  | 'missed'
  | 'loaded'
  | 'filled'
  | 'fill refused'
  | 'not kept'
  | 'answered'
  | 'intent set'
  | 'evicted'
  | 'published'
  | 'invalidated'
  | 'acknowledged'
  | 'bus cut'
  | 'killed';

/** Steps of a payment and its customer. */
type PaymentStep = ChargeStatus | 'cancelled';

export type Step = LockStep | CacheStep | PaymentStep;

export interface TimelineEvent {
  /** Milliseconds since the first step of the run. */
  readonly atMs: number;
  /** The request, or the instance. */
  readonly request: string;
  readonly step: Step;
  /** The keys of a lock, the balance read or written, the reason of a refusal, the answer. */
  readonly detail?: string | number;
}

/** Records a step of one request, at the present time unless `atMs` is given. */
export type Note = (step: Step, detail?: string | number, atMs?: number) => void;

/** Milliseconds on a clock that all threads of a process share. */
export type SharedClock = () => number;

export const sharedClock: SharedClock = () => performance.timeOrigin + performance.now();

/** The steps of all requests of a run, in order of time. */
export class Timeline {
  readonly #events: TimelineEvent[] = [];
  #firstMs: number | undefined;

  /** `onStep` receives each step at once; its time counts from the first step that was recorded. */
  constructor(
    private readonly nowMs: SharedClock = sharedClock,
    private readonly onStep: (event: TimelineEvent) => void = () => {},
  ) {}

  get events(): readonly TimelineEvent[] {
    const sorted = this.#events.toSorted((one, other) => one.atMs - other.atMs);
    const startMs = sorted[0]?.atMs ?? 0;
    return sorted.map((event) => ({ ...event, atMs: event.atMs - startMs }));
  }

  noteFor(request: string): Note {
    return (step, detail, atMs = this.nowMs()) => {
      const event = { atMs, request, step, ...(detail !== undefined && { detail }) };
      this.#events.push(event);
      this.#firstMs ??= atMs;
      this.onStep({ ...event, atMs: atMs - this.#firstMs });
    };
  }
}
