import type { Registry } from 'prom-client';
import type { z } from 'zod';
import { HttpProblem } from '../../responses/problem.js';
import type { InstanceState } from './cluster-schemas.js';
import { instanceFigures } from './instance-figures.js';
import { canPause, pauseThisProcess } from './pause-process.js';

/** How much longer than a lease a pause lasts, in milliseconds. */
const BEYOND_LEASE_MS = 1_000;
/** Longest pause, in milliseconds. */
const MAX_PAUSE_MS = 60_000;

/** What brings the invalidations of other instances, for as long as it is not interrupted. */
export interface Bus {
  /** Milliseconds that are left; 0: it is not interrupted. */
  readonly interruptedForMs: number;
  /** For so many milliseconds from now on; 0 ends the interruption. */
  interrupt(forMs: number): void;
}

interface ControlledInstance {
  readonly instance: string;
  /** The staleness bound and the lease of the locks, in milliseconds. */
  readonly boundMs: number;
  readonly leaseMs: number;
  readonly metrics: Registry;
  /** Undefined: the cache is not shared. */
  readonly bus: Bus | undefined;
}

/** What the panel may do with this instance, and what it shows of it. */
export class InstanceControls {
  readonly #pauseMs: number | null;

  constructor(private readonly of: ControlledInstance) {
    const pauseMs = of.leaseMs + BEYOND_LEASE_MS;
    this.#pauseMs = canPause && pauseMs <= MAX_PAUSE_MS ? pauseMs : null;
  }

  async state(): Promise<z.output<typeof InstanceState>> {
    const { instance, boundMs, metrics, bus } = this.of;
    return {
      instance,
      boundMs,
      bus: bus ? { cutForMs: bus.interruptedForMs } : null,
      pauseMs: this.#pauseMs,
      ...(await instanceFigures(metrics)),
    };
  }

  /**
   * @param forMs milliseconds; 0 ends the cut
   * @throws HttpProblem `validation_failed`: there is no bus
   */
  cutBus(forMs: number): void {
    const { bus, instance } = this.of;
    if (!bus) throw new HttpProblem('validation_failed', `${instance} does not share its cache.`);
    bus.interrupt(forMs);
  }

  /**
   * Returns what pauses this process past the lease of its locks; the answer must leave before.
   * @throws HttpProblem `validation_failed`: it cannot pause itself
   */
  preparePause(): () => void {
    const pauseMs = this.#pauseMs;
    if (pauseMs === null) {
      const why = 'it is the first process of a container, or its lease is too long';
      throw new HttpProblem('validation_failed', `${this.of.instance} cannot be paused: ${why}.`);
    }
    return () => pauseThisProcess(pauseMs / 1_000);
  }
}
