import { setTimeout as pause } from 'node:timers/promises';
import type { HealthCheck } from '../../../domain/ports/health-check.js';

/** A dependency that has not answered within this time counts as down, in milliseconds. */
const WAIT_TIMEOUT_MS = 2_000;

/** Between the beginnings of two checks of a dependency at least, in milliseconds. */
const SPACING_MS = 100;

export type Status = 'ready' | 'degraded' | 'not_ready';

export interface Readiness {
  readonly status: Status;
  /** By the dependency's name. */
  readonly dependencies: ReadonlyMap<string, boolean>;
}

/** Told when a dependency goes down, with the reason, and when it is up again, without one. */
export type DependencyChange = (dependency: string, reason?: unknown) => void;

/**
 * Whether this instance would do what it is there for.
 *
 * Anyone may ask, as often as they like, so all who ask before a check begins share what it finds,
 * and checks of one dependency keep a distance. And nobody is told what was found before they
 * asked: whoever saw a request fail learns the state after that.
 */
export class ReadinessProbe {
  private readonly probes: readonly DependencyProbe[];

  constructor(checks: readonly HealthCheck[], changed: DependencyChange = () => {}) {
    this.probes = checks.map((check) => new DependencyProbe(check, changed));
  }

  async ask(): Promise<Readiness> {
    const states = await Promise.all(
      this.probes.map(async (probe) => ({ ...probe.named, isUp: await probe.isUp() })),
    );
    const dependencies = new Map<string, boolean>();
    for (const { dependency, isUp } of states) {
      dependencies.set(dependency, isUp && (dependencies.get(dependency) ?? true));
    }
    return { status: statusOf(states), dependencies };
  }
}

interface DependencyState {
  readonly dependency: string;
  readonly required: boolean;
  readonly isUp: boolean;
}

/** Degraded instances stay in traffic: taking all of them out would turn a slow day into none. */
function statusOf(states: readonly DependencyState[]): Status {
  const down = states.filter(({ isUp }) => !isUp);
  if (down.length === 0) return 'ready';
  return down.some(({ required }) => required) ? 'not_ready' : 'degraded';
}

class DependencyProbe {
  private beganAt = Number.NEGATIVE_INFINITY;
  private running: Promise<boolean> | undefined;
  private next: Promise<boolean> | undefined;
  private wasUp = true;

  constructor(
    private readonly check: HealthCheck,
    private readonly changed: DependencyChange,
  ) {}

  get named(): Pick<HealthCheck, 'dependency' | 'required'> {
    return { dependency: this.check.dependency, required: this.check.required };
  }

  /** By a check that begins after this call. */
  async isUp(): Promise<boolean> {
    this.next ??= this.runNext();
    const over = new AbortController();
    const options = { ref: false, signal: over.signal };
    const patience = pause(WAIT_TIMEOUT_MS, false, options).catch(() => false);
    try {
      return await Promise.race([this.next, patience]);
    } finally {
      over.abort();
    }
  }

  private async runNext(): Promise<boolean> {
    await this.running;
    const waitMs = this.beganAt + SPACING_MS - performance.now();
    if (waitMs > 0) await pause(waitMs, undefined, { ref: false });
    this.next = undefined;
    this.beganAt = performance.now();
    this.running = this.run();
    return this.running;
  }

  private async run(): Promise<boolean> {
    let isUp = true;
    let reason: unknown;
    try {
      await this.check.check();
    } catch (error) {
      isUp = false;
      reason = error;
    }
    if (isUp !== this.wasUp) this.changed(this.check.dependency, reason);
    this.wasUp = isUp;
    return isUp;
  }
}
